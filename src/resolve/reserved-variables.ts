/** Keywords of Python (its module `keyword`), of which none is a variable to Ansible. */
const PYTHON =
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield';

/** What Ansible fills in by itself ("Special Variables" of its documentation), and names that Jinja gives. */
const MAGIC =
  'group_names groups hostvars inventory_dir inventory_file inventory_hostname inventory_hostname_short item omit play_hosts ' +
  'playbook_dir role_name role_names role_path vars caller cycler dict joiner kwargs lipsum lookup namespace none now ' +
  'q query range self super true false undef varargs';

/** Keywords of plays, tasks and loops, at which Ansible warns each time (ansible/vars/reserved.py). */
const PLAY =
  'action always any_errors_fatal args async_val become become_exe become_flags become_method become_user block changed_when ' +
  'check_mode collections connection debugger delay delegate_facts delegate_to diff environment fact_path failed_when ' +
  'force_handlers gather_facts gather_subset gather_timeout handlers hosts ignore_errors ignore_unreachable local_action loop ' +
  'loop_control loop_with max_fail_percentage module_defaults name no_log notify order poll port post_tasks pre_tasks register ' +
  'remote_user rescue retries roles run_once serial strategy tags tasks throttle timeout until vars_files vars_prompt when with_';

const TAKEN: ReadonlyMap<string, string> = new Map(
  [
    ['a keyword of Python', PYTHON],
    ["Ansible's own", MAGIC],
    ["a keyword of Ansible's", PLAY],
  ].flatMap(([owner = '', names = '']) => names.split(' ').map((name) => [name, owner])),
);

/** The variables of the generated inventory. */
const OURS =
  /^((keepalived|haproxy|firewall|verify|host|dhcp|node|kubernetes|k3s|openvswitch)_.+|vips|member_vips|.+_vip)$/;

/** Whose variable it is already, if it is anybody's. */
export function ownerOf(variable: string): string | undefined {
  if (variable.startsWith('ansible_')) return "Ansible's own";
  if (variable.startsWith('vault_')) return 'of the vault, where secrets are';
  if (OURS.test(variable)) return "gen-infra's own";
  return TAKEN.get(variable);
}
