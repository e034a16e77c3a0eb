import { memo } from "preact/compat";
import { clockTime } from "../../../presentation/limit-times.ts";
import { currentQuotas, percentWords, windowName } from "../../../presentation/limit-words.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import { age } from "../../../presentation/wording.ts";
import type { Account, Pause, QuotaWindow } from "../../../protocol/limits.ts";
import type { QuotaSample } from "../../../protocol/stats.ts";
import { visible } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { useNow } from "../../now.ts";
import { IconButton } from "../../parts/button.tsx";
import { UsageChart } from "./usage-chart.tsx";
import { QuotaMeter } from "./quota-meter.tsx";

interface AccountCardProps {
  readonly account: Account;
  /** Undefined where nothing was told of it in the time that is shown. */
  readonly samples: readonly QuotaSample[] | undefined;
  readonly isHistoryKnown: boolean;
  readonly pauses: readonly Pause[];
  readonly rangeMs: number;
}

const MINUTE_MS = 60_000;
/** What was told longer ago than this may have changed since. */
const OLD_MS = 30 * MINUTE_MS;
const nothing: readonly QuotaSample[] = [];

/** What is used of one account: each window now, and over time. */
export const AccountCard = memo(function AccountCard(props: AccountCardProps) {
  const { account, samples = nothing, isHistoryKnown, pauses, rangeMs } = props;
  const now = useNow();
  const current = currentQuotas(account, now);
  const outdated = account.quotas.filter((quota) => !current.includes(quota));
  const label = visible(account.label);
  return (
    <li class="account">
      <div class="account-head">
        <h3 class="account-title">{label}</h3>
        <span class="faint">{toldWords(account, now)}</span>
        <IconButton
          icon="debug-pause"
          label={`Pause ${label}...`}
          onClick={() => runCommand("pauseAgent", nodeId.account(account.id))}
        />
      </div>
      {current.map((quota) => (
        <QuotaMeter key={windowName(quota)} quota={quota} account={label} now={now} />
      ))}
      {outdated.map((quota) => (
        <p key={windowName(quota)} class="faint quota-outdated">
          {outdatedWords(quota, now)}
        </p>
      ))}
      {isHistoryKnown ? (
        <UsageChart accountId={account.id} samples={samples} pauses={pauses} rangeMs={rangeMs} now={now} />
      ) : null}
    </li>
  );
});

/** That it may be out of date. */
function toldWords({ quotas }: Account, now: number): string {
  const at = Math.max(...quotas.map((quota) => quota.at));
  return now - at < OLD_MS ? "" : `as of ${age(at, now)} ago`;
}

/** What was used before a reset says nothing about after. */
function outdatedWords(quota: QuotaWindow, now: number): string {
  const { usedPercent, resetsAt } = quota;
  const reset = resetsAt === null ? "" : ` ${clockTime(resetsAt, now)}`;
  return `${windowName(quota)}: not known since it reset${reset}. It was ${percentWords(usedPercent)} before.`;
}
