import { sameItems, useModel } from "../../live-state.ts";
import { Failure } from "../../parts/failure.tsx";
import { AccountCard } from "./account-card.tsx";
import { useUsageHistory } from "./use-usage-history.ts";

/** Every account whose agent tells what is used of it. */
export function Accounts({ rangeMs }: { readonly rangeMs: number }) {
  const accounts = useModel(
    (model) =>
      [...model.accounts.values()]
        .filter(({ quotas }) => quotas.length > 0)
        .sort((a, b) => a.label.localeCompare(b.label) || a.id.localeCompare(b.id)),
    sameItems,
  );
  const { history, pauses, failure, tryAgain } = useUsageHistory(rangeMs);
  return (
    <>
      {failure === null ? null : (
        <Failure text={`What was used before could not be read: ${failure}`} onTryAgain={tryAgain} />
      )}
      <ul class="accounts" aria-label="Accounts">
        {accounts.map((account) => (
          <AccountCard
            key={account.id}
            account={account}
            samples={history?.get(account.id)}
            isHistoryKnown={history !== null}
            pauses={pauses}
            rangeMs={rangeMs}
          />
        ))}
      </ul>
    </>
  );
}
