import type { DashboardConnection } from "../protocol/dashboard.ts";
import { runCommand } from "./host.ts";
import { isKnown, useLive } from "./live-state.ts";
import { Button } from "./parts/button.tsx";
import { Icon } from "./parts/icon.tsx";

type Words = Record<Exclude<DashboardConnection, "connected">, string>;

const words: Words = {
  connecting: "Looking for Tally's gateway. What is shown may be out of date until it answers.",
  absent: "Tally's gateway does not run. Agents run on without it; it starts when it is needed.",
  stopped: "Tally's gateway was stopped. Agents run on; what is shown is from before.",
  restricted: "This window is in Restricted Mode: Tally starts nothing here.",
};

/** Where nothing was told yet. */
const wordsOfNothing: Words = {
  ...words,
  connecting: "Looking for Tally's gateway.",
  absent: "Tally's gateway does not run, so nothing is known here yet.",
  stopped: "Tally's gateway was stopped, so nothing is known here yet.",
};

/** Why the page may not be up to date, and what to do about it. */
export function Notice() {
  const connection = useLive((state) => state.connection);
  const isBefore = useLive(isKnown);
  if (connection === "connected") return null;
  const canStart = connection === "absent" || connection === "stopped";
  return (
    <div class="notice" role="status">
      <Icon
        name={connection === "connecting" ? "loading" : "info"}
        className={connection === "connecting" ? "spinning" : ""}
      />
      <span>{(isBefore ? words : wordsOfNothing)[connection]}</span>
      {canStart ? <Button onClick={() => runCommand("startGateway")}>Start Gateway</Button> : null}
    </div>
  );
}
