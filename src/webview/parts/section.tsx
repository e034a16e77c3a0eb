import type { ComponentChildren } from "preact";
import * as z from "zod";
import type { DashboardSection } from "../../protocol/dashboard.ts";
import { useSaved } from "../saved-state.ts";
import { Icon } from "./icon.tsx";

interface SectionProps {
  readonly id: DashboardSection;
  readonly title: string;
  /** What stands behind the title: how many. */
  readonly count?: string;
  /** Buttons at the end of the heading. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page that can be folded; whether it is outlives the page. */
export function Section({ id, title, count, actions, children }: SectionProps) {
  const [isFolded, setFolded] = useSaved(`folded.${id}`, z.boolean(), false);
  return (
    <section class={`section section-${id}`} aria-labelledby={`title-${id}`}>
      <header class="section-heading">
        <h2 id={`title-${id}`}>
          <button
            type="button"
            id={`section-${id}`}
            class="section-fold"
            aria-expanded={!isFolded}
            aria-controls={`body-${id}`}
            onClick={() => setFolded(!isFolded)}
          >
            <Icon name={isFolded ? "chevron-right" : "chevron-down"} />
            {title}
            {count === undefined || count === "" ? null : <span class="section-count">{count}</span>}
          </button>
        </h2>
        {actions === undefined ? null : <div class="section-actions">{actions}</div>}
      </header>
      <div id={`body-${id}`} class="section-body" hidden={isFolded}>
        {isFolded ? null : children}
      </div>
    </section>
  );
}
