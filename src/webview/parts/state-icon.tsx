import { type ShownState, stateIcons } from "../../presentation/state-icons.ts";
import { Icon } from "./icon.tsx";

/** A state as an icon in its colour, as in the tree; its word stands beside it, or is said by what it is in. */
export function StateIcon({ state }: { readonly state: ShownState }) {
  const [icon] = stateIcons[state];
  const [name = "", spin] = icon.split("~");
  return <Icon name={name} className={`state-${state}${spin === undefined ? "" : " spinning"}`} />;
}
