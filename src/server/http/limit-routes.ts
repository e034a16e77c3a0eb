import { TallyError } from "../../protocol/errors.ts";
import type { Account } from "../../protocol/limits.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { Accounts, Allowance } from "../limits/accounts.ts";
import type { Pauses } from "../limits/pauses.ts";
import type { KeptSettings } from "../limits/settings.ts";
import type { Personas } from "../personas/personas.ts";
import { workingFolder } from "../sessions/folders.ts";
import { refuseFromInside } from "../sessions/inside-session.ts";
import type { Store } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

type LimitRoutes = Pick<
  RouteHandlers,
  "limits" | "pauseHistory" | "startPause" | "endPause" | "checkLaunch" | "setSettings"
>;

export interface LimitRoutesOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly personas: Personas;
  readonly settings: KeptSettings;
  readonly onSettings: () => void;
}

export function limitRoutes(options: LimitRoutesOptions): LimitRoutes {
  const { store, accounts, pauses, personas, settings, onSettings } = options;

  async function allowanceOf(launch: RouteBody<"checkLaunch">): Promise<Allowance> {
    // Only a persona of the repository depends on the folder, and the CLI may stand in any.
    const cwd = await workingFolder(launch.cwd, true);
    return accounts.of(await personas.apply({ ...launch, cwd }));
  }

  async function accountOf(given: RouteBody<"startPause">["account"]): Promise<Account> {
    if (!("accountId" in given)) return (await allowanceOf(given)).account;
    const account = store.account(given.accountId);
    if (account) return account;
    throw new TallyError("invalid-request", `There is no account ${given.accountId}. See them with: tally limits`);
  }

  return {
    limits: () => ({ accounts: store.accounts(), pauses: pauses.open(), settings: settings.current }),
    pauseHistory: ({ query }) => ({ pauses: store.pauses(query.limit) }),
    startPause: async ({ body: { account, until, reason } }) => ({
      pause: pauses.startByHand(await accountOf(account), { until, reason }),
    }),
    endPause: ({ params }) => ({ pause: pauses.lift(params["id"] ?? "") }),
    checkLaunch: async ({ body }) => {
      const { account, model } = await allowanceOf(body);
      return { account, model, pause: pauses.holding(account.id, model) };
    },
    setSettings: ({ body, connection }) => {
      // Personas of the settings need no approval, so no agent may write any.
      refuseFromInside(connection, store.liveSessions());
      const kept = settings.set(body);
      onSettings();
      return { settings: kept };
    },
  };
}
