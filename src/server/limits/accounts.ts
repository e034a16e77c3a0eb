import { createHmac } from "node:crypto";
import { homedir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import type { Account, QuotaWindow } from "../../protocol/limits.ts";
import type { AgentAdapter, LaunchAccount } from "../agents/adapter.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { readText } from "../read-text.ts";
import type { Store } from "../store/store.ts";
import { forecastFullAt, keptSamples, type QuotaSample } from "./forecast.ts";

/** What is about to be launched. */
export interface LaunchOn {
  readonly agent: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Canonical. */
  readonly cwd: string;
}

/** On what a launch would be. */
export interface Allowance {
  readonly account: Account;
  /** The model that the launch names. */
  readonly model: string | null;
  readonly usesModel: boolean;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly agents: AgentRegistry;
  readonly now: () => number;
}

/** The accounts that launches are on, and how much of each is used. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The account of a launch. @throws {TallyError} `agent-unknown` */
  of({ agent, args, env, cwd }: LaunchOn): Allowance {
    const adapter = this.#options.agents.adapter(agent);
    const found = adapter.account({ args, env, cwd, readText });
    const { model, usesModel } = found;
    // Any program has an account, and few are ever limited: theirs are kept only with a pause.
    return { account: this.#known(adapter, found, adapter.program !== null && usesModel), model, usesModel };
  }

  /** The account that an agent uses when nothing is set. */
  defaultOf(agent: string): Account {
    const home = homedir();
    return this.of({ agent, args: [], env: { HOME: home, USERPROFILE: home }, cwd: home }).account;
  }

  /** An agent told how much of an account is used. */
  told(accountId: string, windows: readonly Omit<QuotaWindow, "at" | "fullAt">[], at: number): void {
    const { store, now } = this.#options;
    const account = store.account(accountId);
    if (!account) return;
    const told = windows.map((window) => this.#withForecast(accountId, { ...window, at, fullAt: null }));
    const isTold = (old: QuotaWindow) => told.some((window) => isSameWindow(window, old));
    const quotas = [...account.quotas.filter((old) => !isTold(old)), ...told.map((window) => newer(account, window))];
    const sorted = quotas.sort((one, other) => (one.resetsAt ?? Infinity) - (other.resetsAt ?? Infinity));
    if (isDeepStrictEqual(withoutTimes(sorted), withoutTimes(account.quotas))) return;
    store.change((transaction) => transaction.putAccount({ ...account, quotas: sorted, updatedAt: now() }));
  }

  #withForecast(accountId: string, window: QuotaWindow): QuotaWindow {
    const { store } = this.#options;
    const key = `quota-samples:${accountId}:${window.kind}:${window.model ?? ""}`;
    const { usedPercent, resetsAt, at } = window;
    const before = (store.value(key) as QuotaSample[] | undefined) ?? [];
    const samples = keptSamples(before, { at, usedPercent, resetsAt });
    if (samples !== before) store.change((transaction) => transaction.putValue(key, samples));
    return { ...window, fullAt: forecastFullAt(samples, at) };
  }

  #known(adapter: AgentAdapter, found: LaunchAccount, isKept: boolean): Account {
    const { store, now } = this.#options;
    const id = accountId(adapter.name, found, store.id);
    const known = store.account(id);
    if (known) return known;
    const label = found.isDefault ? adapter.label : `${adapter.label} (${distinction(found)})`;
    const account = { id, agent: adapter.name, label, isDefault: found.isDefault, quotas: [], updatedAt: now() };
    if (isKept) store.change((transaction) => transaction.putAccount(account));
    return account;
  }
}

/** Of two reports on a window the later one counts: several sessions tell of one account. */
function newer(account: Account, window: QuotaWindow): QuotaWindow {
  const old = account.quotas.find((each) => isSameWindow(each, window));
  return old && old.at > window.at ? old : window;
}

function isSameWindow(one: QuotaWindow, other: QuotaWindow): boolean {
  return one.kind === other.kind && one.model === other.model;
}

function withoutTimes(quotas: readonly QuotaWindow[]) {
  return quotas.map(({ at: _at, ...rest }) => rest);
}

/** Keyed, so that a credential cannot be found out by trying: the key stays in the store. */
function accountId(agent: string, { configHome, endpoint, credential }: LaunchAccount, key: string): string {
  const identity = JSON.stringify([agent, configHome, endpoint, credential]);
  return `${agent}-${createHmac("sha256", key).update(identity).digest("hex").slice(0, 16)}`;
}

/** What tells an account from the agent's usual one, for a person. */
function distinction({ configHome, endpoint, credential }: LaunchAccount): string {
  if (endpoint !== null) return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  if (credential !== null) return "key of the environment";
  const home = homedir();
  return configHome?.startsWith(`${home}/`) ? `~${configHome.slice(home.length)}` : (configHome ?? "another account");
}
