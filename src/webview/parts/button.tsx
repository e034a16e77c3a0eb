import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

interface ButtonProps {
  readonly id?: string;
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly kind?: "primary" | "secondary";
  readonly icon?: string;
  readonly disabled?: boolean;
  /** It does nothing for a moment, and looks as always. */
  readonly isInert?: boolean;
  /** What it does, where its words alone do not say to what: for a screen reader. */
  readonly label?: string;
}

export function Button(props: ButtonProps) {
  const { id, children, onClick, kind = "secondary", icon, disabled = false, isInert = false, label } = props;
  return (
    <button
      type="button"
      id={id}
      class={`button ${kind}`}
      onClick={onClick}
      disabled={disabled}
      aria-disabled={isInert || undefined}
      aria-label={label}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  readonly id?: string;
  readonly icon: string;
  /** What it does, as its tooltip and for a screen reader. */
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

export function IconButton({ id, icon, label, onClick, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      id={id}
      class="icon-button"
      onClick={onClick}
      disabled={disabled}
      title={label}
      aria-label={label}
    >
      <Icon name={icon} />
    </button>
  );
}
