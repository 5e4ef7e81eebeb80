export type OsName = 'rocky9' | 'almalinux9' | 'rhel9' | 'debian12' | 'flatcar';

interface OperatingSystem {
  readonly title: string;
  readonly family: 'el9' | 'debian' | 'flatcar';
  /** The one user of an image that has no other; elsewhere the site decides. */
  readonly user?: string;
  /** The first network card of a guest on virtio, as the vendor's cloud image names it. */
  readonly firstInterface: string;
}

/** EL9's cloud images boot with net.ifnames=0, Debian's and Flatcar's do not. */
export const OPERATING_SYSTEMS: Readonly<Record<OsName, OperatingSystem>> = {
  rocky9: { title: 'Rocky Linux 9', family: 'el9', firstInterface: 'eth0' },
  almalinux9: { title: 'AlmaLinux 9', family: 'el9', firstInterface: 'eth0' },
  rhel9: { title: 'Red Hat Enterprise Linux 9', family: 'el9', firstInterface: 'eth0' },
  debian12: { title: 'Debian 12', family: 'debian', firstInterface: 'enp1s0' },
  flatcar: { title: 'Flatcar Container Linux', family: 'flatcar', user: 'core', firstInterface: 'eth0' },
};
