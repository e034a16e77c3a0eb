import { Icon } from "./icon.tsx";

export interface RowAction {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
}

interface RowButtonProps {
  readonly action: RowAction;
  /** What it acts on, for a screen reader. */
  readonly title: string;
  readonly tabIndex: number;
}

/** An action on a row, beside its title. */
export function RowButton({ action: { icon, label, onClick }, title, tabIndex }: RowButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      tabIndex={tabIndex}
      title={label}
      aria-label={`${label}: ${title}`}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
