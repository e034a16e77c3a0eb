import { useId } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import type { ShownDetail } from "./request-shown.ts";

interface DetailProps {
  readonly detail: ShownDetail;
  readonly isUnfolded: boolean;
  readonly onUnfold: (isUnfolded: boolean) => void;
}

/** What would be allowed, with its line breaks; what is long is folded until the person wants to see it. */
export function Detail({ detail, isUnfolded, onUnfold }: DetailProps) {
  const id = useId();
  const { whole, beginning, lines } = detail;
  if (whole === "") return null;
  const isLong = beginning !== whole;
  const isWhole = !isLong || isUnfolded;
  const size = lines === 1 ? `${whole.length} characters` : `${lines} lines`;
  return (
    <div class="ask-detail">
      <pre
        id={id}
        class={isWhole && isLong ? "scrolls" : ""}
        tabIndex={0}
        aria-label="All of what it wants to do"
        role="region"
      >
        {isWhole ? whole : `${beginning}…`}
      </pre>
      {isLong ? (
        <Button icon={isWhole ? "fold" : "unfold"} onClick={() => onUnfold(!isUnfolded)}>
          {isWhole ? "Show Less" : `Show All (${size})`}
        </Button>
      ) : null}
    </div>
  );
}
