import type { ComponentChildren } from "preact";
import type { ShownState } from "../../../presentation/state-icons.ts";
import { visible } from "../../../protocol/visible.ts";
import { StateIcon } from "../../parts/state-icon.tsx";

interface LineProps {
  readonly state: ShownState;
  readonly title: string;
  readonly text: string;
  readonly children: ComponentChildren;
}

/** Something that needs a look, and no answer: what it is, why, and what can be done. */
export function Line({ state, title, text, children }: LineProps) {
  return (
    <li class="need" data-row tabIndex={-1}>
      <StateIcon state={state} />
      <span class="need-words">
        <span class="need-title">{visible(title)}</span> <span class="need-text">{visible(text)}</span>
      </span>
      <span class="need-actions">{children}</span>
    </li>
  );
}
