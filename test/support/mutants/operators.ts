import { addressOperators } from './address-operators.ts';
import { flowOperators } from './flow-operators.ts';
import { hostOperators } from './host-operators.ts';
import { networkOperators } from './network-operators.ts';
import { nodeOperators } from './node-operators.ts';
import { vipOperators } from './vip-operators.ts';
import { wordOperators } from './word-operators.ts';

export const operators = [
  ...addressOperators,
  ...vipOperators,
  ...networkOperators,
  ...hostOperators,
  ...nodeOperators,
  ...wordOperators,
  ...flowOperators,
];
