import type { Artifact } from '../../../../src/render/render-artifacts.ts';
import { readIni } from '../../readers/read-ini.ts';
import { readPlainYaml } from '../../readers/read-yaml.ts';
import { oncePerText } from './once-per-text.ts';

/** A card as a guest's own files set it up. */
export interface GuestCard {
  readonly addresses: readonly string[];
  readonly mac: string | undefined;
  readonly isByDhcp: boolean;
  readonly routes: readonly { readonly to: string; readonly via: string; readonly isOnLink: boolean }[];
  readonly dns: readonly string[];
}

interface CloudInit {
  readonly ethernets: Readonly<
    Record<
      string,
      {
        readonly dhcp4: boolean;
        readonly match?: { readonly macaddress?: string };
        readonly addresses?: readonly string[];
        readonly routes?: readonly {
          readonly to: string;
          readonly via: string;
          readonly 'on-link'?: boolean;
        }[];
        readonly nameservers?: { readonly addresses: readonly string[] };
      }
    >
  >;
}

/** The cards of a guest by its files; none where libvirt's DHCP says all. */
export function guestCards(files: readonly Artifact[], node: string): GuestCard[] {
  return files
    .filter(({ path }) => path.startsWith(`guests/${node}/`))
    .flatMap(({ path, content }) =>
      path.endsWith('.network') ? [networkdCard(content)] : cloudInitCards(content),
    );
}

const cloudInitCards = oncePerText((text): GuestCard[] => {
  const { ethernets } = readPlainYaml(text) as CloudInit;
  return Object.values(ethernets).map(({ dhcp4, match, addresses = [], routes = [], nameservers }) => ({
    addresses,
    mac: match?.macaddress,
    isByDhcp: dhcp4,
    routes: routes.map(({ to, via, 'on-link': isOnLink = false }) => ({ to, via, isOnLink })),
    dns: nameservers?.addresses ?? [],
  }));
});

const networkdCard = oncePerText((text): GuestCard => {
  const sections = readIni(text);
  const all = (section: string, key: string) =>
    sections
      .filter((each) => each.section === section)
      .flatMap(({ lines }) => lines.flatMap(([name, value = '']) => (name === key ? [value] : [])));
  const routes = sections
    .filter(({ section }) => section === 'Route')
    .map(({ lines }) => new Map(lines.map(([key, value = '']) => [key, value])));
  return {
    addresses: all('Network', 'Address'),
    mac: all('Match', 'MACAddress')[0],
    isByDhcp: all('Network', 'DHCP').includes('ipv4'),
    routes: routes.map((route) => ({
      to: route.get('Destination') ?? '',
      via: route.get('Gateway') ?? '',
      isOnLink: route.get('GatewayOnLink') === 'yes',
    })),
    dns: all('Network', 'DNS'),
  };
});
