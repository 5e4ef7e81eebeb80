import type { Rule } from '../rule.ts';
import { addressInForeignDhcp } from './address-in-foreign-dhcp.ts';
import { addressOutsideNetwork } from './address-outside-network.ts';
import { addressTwice } from './address-twice.ts';
import { apiCheckedByTcp } from './api-checked-by-tcp.ts';
import { apiVipWithoutApi } from './api-vip-without-api.ts';
import { bindTwice } from './bind-twice.ts';
import { bridgeNameTaken } from './bridge-name-taken.ts';
import { checkWithoutFlow } from './check-without-flow.ts';
import { dhcpCoversAddress } from './dhcp-covers-address.ts';
import { dhcpOutsideNetwork } from './dhcp-outside-network.ts';
import { dhcpTwice } from './dhcp-twice.ts';
import { dnsOutOfReach } from './dns-out-of-reach.ts';
import { etcdMembersEven } from './etcd-members-even.ts';
import { failoverSlow } from './failover-slow.ts';
import { flowAnyToAny } from './flow-any-to-any.ts';
import { flowPartlyRedundant } from './flow-partly-redundant.ts';
import { flowRedundant } from './flow-redundant.ts';
import { flowWithinSegment } from './flow-within-segment.ts';
import { foreignDhcpOutsideNetwork } from './foreign-dhcp-outside-network.ts';
import { frontendPortTaken } from './frontend-port-taken.ts';
import { interfaceOfTheHost } from './interface-of-the-host.ts';
import { macNotUnicast } from './mac-not-unicast.ts';
import { macTwice } from './mac-twice.ts';
import { networkClosed } from './network-closed.ts';
import { networkOrBroadcastAddress } from './network-or-broadcast-address.ts';
import { noMaster } from './no-master.ts';
import { noRoute } from './no-route.ts';
import { noWayOut } from './no-way-out.ts';
import { quietStreamsCut } from './quiet-streams-cut.ts';
import { rangeOverlap } from './range-overlap.ts';
import { rangeTooSmallForProvider } from './range-too-small-for-provider.ts';
import { refusedByLibvirt } from './refused-by-libvirt.ts';
import { returnPathAsymmetric } from './return-path-asymmetric.ts';
import { routerOutsideNetwork } from './router-outside-network.ts';
import { ruleNamesBridgePort } from './rule-names-bridge-port.ts';
import { ruleStopsController } from './rule-stops-controller.ts';
import { ruleStopsNeededFlow } from './rule-stops-needed-flow.ts';
import { secretInClear } from './secret-in-clear.ts';
import { staleLiteral } from './stale-literal.ts';
import { storageBehindIngress } from './storage-behind-ingress.ts';
import { targetOfNobody } from './target-of-nobody.ts';
import { uplinkTwice } from './uplink-twice.ts';
import { uplinkWithoutAddress } from './uplink-without-address.ts';
import { vipMemberWithoutPackages } from './vip-member-without-packages.ts';
import { vipMembersApart } from './vip-members-apart.ts';
import { vipSingleMember } from './vip-single-member.ts';
import { vridTwice } from './vrid-twice.ts';

/** All rules, in the order of their ids. */
export const rules: readonly Rule[] = [
  addressInForeignDhcp,
  addressOutsideNetwork,
  addressTwice,
  apiCheckedByTcp,
  apiVipWithoutApi,
  bindTwice,
  bridgeNameTaken,
  checkWithoutFlow,
  dhcpCoversAddress,
  dhcpOutsideNetwork,
  dhcpTwice,
  dnsOutOfReach,
  etcdMembersEven,
  failoverSlow,
  flowAnyToAny,
  flowPartlyRedundant,
  flowRedundant,
  flowWithinSegment,
  foreignDhcpOutsideNetwork,
  frontendPortTaken,
  interfaceOfTheHost,
  macNotUnicast,
  macTwice,
  networkClosed,
  networkOrBroadcastAddress,
  noMaster,
  noRoute,
  noWayOut,
  quietStreamsCut,
  rangeOverlap,
  rangeTooSmallForProvider,
  refusedByLibvirt,
  returnPathAsymmetric,
  routerOutsideNetwork,
  ruleNamesBridgePort,
  ruleStopsController,
  ruleStopsNeededFlow,
  secretInClear,
  staleLiteral,
  storageBehindIngress,
  targetOfNobody,
  uplinkTwice,
  uplinkWithoutAddress,
  vipMemberWithoutPackages,
  vipMembersApart,
  vipSingleMember,
  vridTwice,
];
