import type { Fact } from "../../presentation/facts.ts";
import { visible } from "../../protocol/visible.ts";

/** What is known of something, as a list of names and values. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{visible(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
