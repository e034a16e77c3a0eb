import { clockTime, timeLeftWords } from "../../../presentation/limit-times.ts";
import { percentWords, quotaWords, windowName } from "../../../presentation/limit-words.ts";
import type { QuotaWindow } from "../../../protocol/limits.ts";
import { Icon } from "../../parts/icon.tsx";

interface QuotaMeterProps {
  readonly quota: QuotaWindow;
  readonly account: string;
  readonly now: number;
}

/** One window of an account: how much of it is used, when it resets, and whether it lasts until then. */
export function QuotaMeter({ quota, account, now }: QuotaMeterProps) {
  const { usedPercent, resetsAt, fullAt } = quota;
  const name = windowName(quota);
  const isFull = usedPercent >= 100;
  const isRunningOut = !isFull && fullAt !== null && fullAt > now;
  return (
    <div class="quota">
      <span class="quota-name">{name}</span>
      <div
        class={`meter ${isFull ? "meter-full" : isRunningOut ? "meter-warning" : ""}`}
        role="meter"
        aria-label={`${account}, ${name} limit`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.floor(usedPercent))}
        aria-valuetext={quotaWords(quota, now)}
      >
        <div class="meter-fill" style={{ width: `${Math.min(100, usedPercent)}%` }} />
      </div>
      <span class="quota-percent">{percentWords(usedPercent)}</span>
      <span class="quota-words">
        {resetsAt === null ? null : (
          <span class="faint">
            resets {clockTime(resetsAt, now)}, in {timeLeftWords(resetsAt - now)}
          </span>
        )}
        {isRunningOut ? (
          <span class="quota-forecast">
            <Icon name="warning" />
            at this pace full by {clockTime(fullAt, now)}
          </span>
        ) : null}
      </span>
    </div>
  );
}
