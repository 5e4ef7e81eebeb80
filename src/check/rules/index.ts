import type { Rule } from '../rule.ts';
import { addressInForeignDhcp } from './address-in-foreign-dhcp.ts';
import { addressOutsideNetwork } from './address-outside-network.ts';
import { addressTwice } from './address-twice.ts';
import { bridgeNameTaken } from './bridge-name-taken.ts';
import { dhcpCoversAddress } from './dhcp-covers-address.ts';
import { dhcpOutsideNetwork } from './dhcp-outside-network.ts';
import { dhcpTwice } from './dhcp-twice.ts';
import { flowWithinSegment } from './flow-within-segment.ts';
import { foreignDhcpOutsideNetwork } from './foreign-dhcp-outside-network.ts';
import { macNotUnicast } from './mac-not-unicast.ts';
import { macTwice } from './mac-twice.ts';
import { networkOrBroadcastAddress } from './network-or-broadcast-address.ts';
import { rangeOverlap } from './range-overlap.ts';
import { routerOutsideNetwork } from './router-outside-network.ts';
import { uplinkTwice } from './uplink-twice.ts';
import { uplinkWithoutAddress } from './uplink-without-address.ts';
import { vipSingleMember } from './vip-single-member.ts';

/** All rules, in the order of their ids. */
export const rules: readonly Rule[] = [
  addressInForeignDhcp,
  addressOutsideNetwork,
  addressTwice,
  bridgeNameTaken,
  dhcpCoversAddress,
  dhcpOutsideNetwork,
  dhcpTwice,
  flowWithinSegment,
  foreignDhcpOutsideNetwork,
  macNotUnicast,
  macTwice,
  networkOrBroadcastAddress,
  rangeOverlap,
  routerOutsideNetwork,
  uplinkTwice,
  uplinkWithoutAddress,
  vipSingleMember,
];
