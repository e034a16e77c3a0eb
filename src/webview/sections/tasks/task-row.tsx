import type { ComponentChildren } from "preact";
import type { ShownState } from "../../../presentation/state-icons.ts";
import { type RowAction, RowButton } from "../../parts/row-button.tsx";
import { StateIcon } from "../../parts/state-icon.tsx";
import type { Half } from "./queue-moves.ts";

/** What a row can be dragged by, and dropped on. */
export interface Dragging {
  readonly marked: Half | null;
  readonly onStart: (event: DragEvent) => void;
  readonly onOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
  readonly onEnd: () => void;
}

interface TaskRowProps {
  readonly id: string;
  readonly state: ShownState;
  readonly title: string;
  /** All that the row says, for a screen reader. */
  readonly label: string;
  readonly facts: readonly string[];
  readonly error?: string | null;
  readonly actions: readonly RowAction[];
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (id: string) => void;
  readonly onFocus: (id: string) => void;
  readonly dragging?: Dragging | null;
  /** What is shown of it when it is open. */
  readonly children: ComponentChildren;
}

/** The row of one task: what it is, how it stands, and what can be done; opened, all that is known of it. */
export function TaskRow(props: TaskRowProps) {
  const { id, state, title, label, facts, error = null, actions, isCurrent, isOpen, dragging = null } = props;
  const tabIndex = isCurrent ? 0 : -1;
  const mark = dragging?.marked ? `task-drop-${dragging.marked}` : "";
  return (
    <li
      class={`task-row ${isOpen ? "task-open" : ""} ${mark}`}
      data-row
      // In an open row the text can be selected instead.
      draggable={dragging !== null && !isOpen}
      onDragStart={dragging?.onStart}
      onDragOver={dragging?.onOver}
      onDrop={dragging?.onDrop}
      onDragEnd={dragging?.onEnd}
      onFocusCapture={() => props.onFocus(id)}
    >
      <StateIcon state={state} />
      <div class="task-words">
        <button
          type="button"
          class="row-title task-title"
          data-task={id}
          tabIndex={tabIndex}
          aria-expanded={isOpen}
          aria-label={label}
          aria-keyshortcuts={dragging === null ? undefined : "Alt+ArrowUp Alt+ArrowDown"}
          title={title}
          onClick={() => props.onToggle(id)}
        >
          {title}
        </button>
        <span class="task-facts">{facts.join(" · ")}</span>
        {error === null ? null : <span class="task-error">{error}</span>}
      </div>
      <div class="task-actions">
        {actions.map((action) => (
          <RowButton key={action.label} action={action} title={title} tabIndex={tabIndex} />
        ))}
      </div>
      {isOpen ? <div class="task-details">{props.children}</div> : null}
    </li>
  );
}
