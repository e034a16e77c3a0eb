import type { AccountRequest, LaunchAccount } from "../adapter.ts";
import { type Option, readArguments } from "./arguments.ts";
import { CodexConfig, codexHome } from "./config.ts";

const OPENAI = "openai";

/** Which account a launch of Codex is on. Of `OPENAI_API_KEY` and `OPENAI_BASE_URL` it takes no notice, as Codex itself does. */
export function codexAccount(request: AccountRequest): LaunchAccount {
  const { form, options, usesModel } = readArguments(request.args);
  const config = new CodexConfig(options, request);
  const usual = config.usual("model_provider") ?? OPENAI;
  const provider = providerOf(options, config) ?? usual;
  const endpoint = endpointOf(options, config, { provider, usual });
  const configHome = codexHome(request.env);
  const credential = credentialOf(config, provider, request.env, form === "exec");
  return {
    configHome,
    endpoint,
    credential,
    isDefault: configHome === codexHome({ ...request.env, CODEX_HOME: "" }) && endpoint === null && credential === null,
    model: options.findLast(({ name }) => name === "-m" || name === "--model")?.value ?? config.value("model"),
    usesModel,
  };
}

function providerOf(options: readonly Option[], config: CodexConfig): string | null {
  if (!options.some(({ name }) => name === "--oss")) return config.value("model_provider");
  const local = options.findLast(({ name }) => name === "--local-provider")?.value;
  return local ?? config.value("oss_provider") ?? "oss";
}

/** What the config home alone does not say. */
function endpointOf(
  options: readonly Option[],
  config: CodexConfig,
  { provider, usual }: { provider: string; usual: string },
): string | null {
  // Its server has an account of its own.
  const remote = options.findLast(({ name }) => name === "--remote")?.value;
  if (remote) return remote;
  const isOpenai = provider === OPENAI;
  const baseUrl = isOpenai ? config.value("openai_base_url") : config.value("base_url", `model_providers.${provider}`);
  if (provider !== usual) return baseUrl ?? provider;
  return isOpenai && baseUrl !== config.usual("openai_base_url") ? baseUrl : null;
}

function credentialOf(
  config: CodexConfig,
  provider: string,
  env: Readonly<Record<string, string>>,
  isHeadless: boolean,
): string | null {
  const variable = provider === OPENAI ? null : config.value("env_key", `model_providers.${provider}`);
  if (variable !== null) return env[variable] || null;
  if (provider !== OPENAI) return null;
  // The TUI takes no notice of the key.
  return (isHeadless && env["CODEX_API_KEY"]) || env["CODEX_ACCESS_TOKEN"] || null;
}
