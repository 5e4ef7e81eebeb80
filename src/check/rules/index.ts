import type { Rule } from '../rule.ts';
import { addressOutsideNetwork } from './address-outside-network.ts';
import { addressTwice } from './address-twice.ts';
import { vipSingleMember } from './vip-single-member.ts';

/** All rules, in the order of their ids. */
export const rules: readonly Rule[] = [addressOutsideNetwork, addressTwice, vipSingleMember];
