import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import {
  type ProviderSchemas,
  providerCommand,
  providerSchemas,
  startProvider,
} from '../tools/terraform/provider-process.ts';
import type { Result } from './cli.ts';

/** Terraform without a network: its only source of providers is a mirror with the schema-only ones in it. */
export interface Terraform {
  /** A fresh folder to run terraform in, with a copy of what is in another one. */
  readonly newFolder: (source?: string) => string;
  readonly run: (folder: string, ...args: readonly string[]) => Promise<Result>;
  /**
   * What terraform would do in an initialized folder.
   * @throws when terraform refuses to plan
   */
  readonly plan: (folder: string) => Promise<Plan>;
}

/** What is read here of `terraform show -json PLAN`: https://developer.hashicorp.com/terraform/internals/json-format */
export interface Plan {
  readonly planned_values: { readonly root_module: { readonly resources?: readonly PlannedResource[] } };
  readonly resource_changes?: readonly ResourceChange[];
  readonly configuration: {
    readonly root_module: {
      readonly resources: readonly { readonly address: string; readonly provider_config_key: string }[];
    };
    readonly provider_config: Readonly<Record<string, { readonly expressions?: unknown }>>;
  };
}

export interface PlannedResource {
  readonly type: string;
  readonly address: string;
  readonly values: unknown;
}

export interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

interface Options {
  readonly shareProvider?: boolean;
  readonly schemas?: ProviderSchemas;
}

/**
 * Terraform for the tests of one file, in a folder that goes when they are done. It starts the provider several times
 * for each command, which is most of what a command costs; with `shareProvider` all but init use one that runs.
 */
export function useTerraform({ shareProvider = false, schemas = providerSchemas }: Options = {}): Terraform {
  const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-terraform-'));
  const shared = new Map<string, ReturnType<typeof startProvider>>();
  afterAll(async () => {
    for (const provider of shared.values()) (await provider).stop();
    rmSync(scratch, { recursive: true, force: true });
  });
  const env = environment(scratch, writeMirror(scratch, schemas));
  const run: Terraform['run'] = async (folder, ...args) => {
    const schema = shareProvider && args[0] !== 'init' ? schemas[lockedVersion(folder)] : undefined;
    if (schema === undefined) return runTerraform(args, folder, env);
    const provider = shared.get(schema) ?? startProvider(schema);
    shared.set(schema, provider);
    return runTerraform(args, folder, { ...env, ...(await provider).reattach });
  };
  return {
    newFolder(source) {
      const folder = mkdtempSync(join(scratch, 'folder-'));
      if (source !== undefined) cpSync(source, folder, { recursive: true });
      return folder;
    },
    run,
    async plan(folder) {
      await succeed(run(folder, 'plan', '-out=plan.bin'));
      const { stdout } = await succeed(run(folder, 'show', '-json', 'plan.bin'));
      const plan: Plan = JSON.parse(stdout);
      return plan;
    },
  };
}

/**
 * The result of a command that has to work.
 * @throws with what the command said when it failed
 */
export async function succeed(pending: Promise<Result>): Promise<Result> {
  const result = await pending;
  if (result.exitCode !== 0) {
    throw new Error(`exit code ${result.exitCode}:\n${result.stdout}\n${result.stderr}`);
  }
  return result;
}

/** Nothing of the user's: no configuration, plugin cache or credentials. */
function environment(home: string, configuration: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    TF_CLI_CONFIG_FILE: configuration,
    TF_CLI_ARGS: '-no-color',
    TF_INPUT: '0',
    TF_IN_AUTOMATION: '1',
    // The provider speaks without TLS, and nobody asks whether there is a newer terraform.
    TF_DISABLE_PLUGIN_TLS: '1',
    CHECKPOINT_DISABLE: '1',
  };
}

/** The version of the provider that `terraform init` has chosen in a folder; empty before that. */
function lockedVersion(folder: string): string {
  const lock = join(folder, '.terraform.lock.hcl');
  return (existsSync(lock) && /^ {2}version += "(.*)"$/m.exec(readFileSync(lock, 'utf8'))?.[1]) || '';
}

/** Lays out a filesystem mirror and says so in a CLI configuration file, whose path is returned. */
function writeMirror(scratch: string, schemas: ProviderSchemas): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  for (const [version, schema] of Object.entries(schemas)) {
    const executable = join(
      scratch,
      `mirror/registry.terraform.io/dmacvicar/libvirt/${version}`,
      `linux_${architecture}`,
      `terraform-provider-libvirt_v${version}`,
    );
    mkdirSync(dirname(executable), { recursive: true });
    writeFileSync(executable, `#!/bin/sh\nexec '${providerCommand(schema).join("' '")}'\n`);
    chmodSync(executable, 0o755);
  }
  const configuration = join(scratch, 'terraformrc');
  const mirror = `filesystem_mirror { path = "${join(scratch, 'mirror')}" }`;
  writeFileSync(configuration, `provider_installation {\n  ${mirror}\n}\n`);
  return configuration;
}

function runTerraform(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Result> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 2 ** 25 } as const;
    const child = execFile('terraform', args, options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}
