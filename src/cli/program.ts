import { Command, Option } from 'commander';
import { Console, FORMATS, type Io, type ReportOptions } from './console.ts';
import type { ExitCode } from './exit-code.ts';
import { VERSION } from './version.ts';

type Run<Options> = (options: Options, console: Console) => Promise<ExitCode>;

/** Adds a command whose code `load` brings. */
type Add = <Options>(name: string, description: string, load: () => Promise<Run<Options>>) => Command;

const REACH_HELP = `
An address can be anybody's: of the LAN, such as a laptop, or of the internet.

  gen-infra reach worker1 api:6443              TCP to a virtual IP
  gen-infra reach 192.168.1.23 infra1:53/udp    from somebody else on the LAN
  gen-infra reach master1 8.8.8.8               a ping
  gen-infra reach --all                         who reaches what, as a table
  gen-infra reach --failed lb1                  what becomes of virtual IPs, etcd and all that is needed
  gen-infra reach --failed kvm1.br0 lb1 master1 one connection, with a bridge less

Exit code 0 says that it is delivered and answered, and with --all and --failed that all is which has to be. 1 says that
something stops it; where a line of the model does, it is shown.
`;

function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** The command line's grammar. A command's code is loaded when the command runs. */
export function createProgram(io: Io, end: (code: ExitCode) => void): Command {
  const program = new Command('gen-infra')
    .description('Compiles one cluster model into the files that an ops repo needs.')
    .version(VERSION, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });

  const add = <Options>(name: string, description: string, load: () => Promise<Run<Options>>): Command =>
    withReport(program.command(name).description(description)).action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const options = command.opts<Options & ReportOptions>();
      const named = Object.fromEntries(
        command.registeredArguments.map((argument, index) => [argument.name(), given[index]]),
      );
      const run = await load();
      end(await run({ ...named, ...options }, new Console(io, options)));
    });

  addCommandsForOutput(add);
  addCommandsForReaders(add);
  return program;
}

function addCommandsForOutput(add: Add): void {
  const build = async () => (await import('./commands/build.ts')).build;
  withModel(add('build', 'write the output tree of the model', build))
    .option('-o, --output <dir>', 'the output directory (default: generated/ beside the model)')
    .option('--strict', 'refuse on warnings, too', false)
    .option('--check', 'write nothing; exit 1 where the output is not what the model says', false)
    .option('--force', 'overwrite files that were changed by hand', false);
  const validate = async () => (await import('./commands/validate.ts')).validate;
  withModel(add('validate', 'check the model', validate))
    .option('--strict', 'exit 1 on warnings, too', false)
    .option('--resolved', 'print the whole model, with defaults marked', false)
    .addOption(
      new Option('--fix', 'mend the model where only one way is right').default(false).conflicts('resolved'),
    );
}

function addCommandsForReaders(add: Add): void {
  const reach = async () => (await import('./commands/reach.ts')).reach;
  withModel(
    add('reach', 'follow a connection there and back, or all of them; see what a failure breaks', reach),
  )
    .argument(
      '[from]',
      'who opens it: a node, a hypervisor, an address, `internet`, or `outside` for the routers there',
    )
    .argument('[to]', 'a node, virtual IP, hypervisor or address; with :PORT or :PORT/udp, else it is a ping')
    .option('--all', 'from every machine to every virtual IP and to all that is verified', false)
    .option('--failed <name>', 'without a node, hypervisor, bridge or address; can be repeated', repeated, [])
    .addHelpText('after', REACH_HELP);
  const graph = async () => (await import('./commands/graph.ts')).graph;
  withModel(add('graph', 'draw the topology', graph))
    .addOption(
      new Option('--as <form>', 'the form of the drawing').choices(['svg', 'mermaid', 'dot']).default('svg'),
    )
    .option('--reach <ends...>', 'show the way of a connection: FROM TO[:PORT], as `reach` takes them');
  const explain = async () => (await import('./commands/explain.ts')).explain;
  add('explain', 'say what a rule is about, or list them all', explain).argument(
    '[rule]',
    'the id that a finding shows in brackets',
  );
  const schema = async () => (await import('./commands/schema.ts')).schema;
  add('schema', 'print the JSON Schema of the model', schema);
}

function withModel(command: Command): Command {
  return command.option('-m, --model <file>', 'the model', 'cluster.yaml');
}

function withReport(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how diagnostics are printed').choices(FORMATS).default('pretty'),
    )
    .addOption(
      new Option('--color <when>', 'whether to paint them')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .option('-q, --quiet', 'print nothing but diagnostics and results', false);
}
