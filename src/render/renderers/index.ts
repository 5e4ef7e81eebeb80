import { defineConstant, type Renderer } from '../renderer.ts';
import { firewall } from './firewall.ts';
import {
  datastoreVars,
  groupVariables,
  hostVariables,
  kubernetesVars,
  verifyVars,
  vipMemberVars,
} from './group-vars.ts';
import { cloudInitGuests, networkdGuests } from './guests.ts';
import { hypervisorVars, nodeVars } from './host-vars.ts';
import { inventory } from './inventory.ts';
import { kubernetes } from './kubernetes.ts';
import { playbooks } from './playbooks.ts';
import { reach } from './reach.ts';
import { readme } from './readme.ts';
import { terraform } from './terraform.ts';
import { topology } from './topology.ts';

/** Every kind of artifact. */
export const renderers: readonly Renderer[] = [
  readme,
  topology,
  reach,
  defineConstant('ansible-config', 'ansible/ansible.cfg.njk'),
  defineConstant('ansible-requirements', 'ansible/requirements.yml.njk'),
  defineConstant('ansible-lint-config', 'ansible/.ansible-lint.njk'),
  defineConstant('yamllint-config', 'ansible/.yamllint.njk'),
  inventory,
  kubernetesVars,
  vipMemberVars,
  verifyVars,
  datastoreVars,
  groupVariables,
  hostVariables,
  nodeVars,
  hypervisorVars,
  ...playbooks,
  terraform,
  cloudInitGuests,
  networkdGuests,
  ...kubernetes,
  firewall,
];
