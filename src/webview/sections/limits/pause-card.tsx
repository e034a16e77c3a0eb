import { memo } from "preact/compat";
import { pauseDescription, pauseReason, pauseTitle } from "../../../presentation/limit-words.ts";
import { pauseFacts } from "../../../presentation/pause-facts.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Pause } from "../../../protocol/limits.ts";
import { visible } from "../../../protocol/visible.ts";
import { runCommand } from "../../host.ts";
import { sameItems, useModel } from "../../live-state.ts";
import { useNow } from "../../now.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Icon } from "../../parts/icon.tsx";
import { lastSeconds, tickMs } from "./countdown.ts";
import { goingOnWords, heldBy, type HeldThings, stayingWords } from "./held-things.ts";
import { useTicks } from "./ticks.ts";

/** So many of what waits for a reset are named at once. */
const MAX_NAMED = 8;

/** One pause: until when, what it holds, why, and what can be done about it. */
export const PauseCard = memo(function PauseCard({ pause }: { readonly pause: Pause }) {
  const now = useNow();
  const reason = pauseReason(pause);
  const title = pauseTitle(pause, now);
  return (
    <li class={`pause ${pause.isInForce ? "" : "pause-suggested"}`} data-row tabIndex={-1}>
      <div class="pause-head">
        <Icon name={pause.isInForce ? "debug-pause" : "question"} className="pause-icon" />
        <div class="pause-words">
          <h3 class="pause-title">{title}</h3>
          <TimeLeft pause={pause} now={now} />
        </div>
        <PauseActions pause={pause} title={title} />
      </div>
      <div class="pause-body">
        {reason === null ? null : <p>{visible(reason)}</p>}
        {pause.isInForce ? null : <p class="faint">Only words on a screen say so. Pause it, or dismiss this.</p>}
        {pause.isInForce ? <Held pause={pause} /> : null}
        <Provenance pause={pause} now={now} />
      </div>
    </li>
  );
});

function TimeLeft({ pause, now }: { readonly pause: Pause; readonly now: number }) {
  const seconds = lastSeconds(
    pause.until,
    useTicks((at) => tickMs(pause.until, at)),
  );
  const words = seconds === null ? pauseDescription(pause, now) : `in ${seconds}`;
  return words === "" ? null : (
    <span class="pause-left" role="timer">
      {words}
    </span>
  );
}

function PauseActions({ pause, title }: { readonly pause: Pause; readonly title: string }) {
  const row = nodeId.pause(pause.id);
  if (!pause.isInForce) {
    return (
      <div class="pause-actions">
        <Button onClick={() => runCommand("pauseSuggested", row)} label={`Pause: ${title}`}>
          Pause
        </Button>
        <Button onClick={() => runCommand("dismissPause", row)} label={`Dismiss: ${title}`}>
          Dismiss
        </Button>
      </div>
    );
  }
  return (
    <div class="pause-actions">
      {pause.kind === "manual" ? (
        <Button onClick={() => runCommand("changePause", row)} label={`Change Pause: ${title}`}>
          Change Pause...
        </Button>
      ) : null}
      <Button onClick={() => runCommand("liftPause", row)} label={`Lift Pause: ${title}`}>
        Lift Pause
      </Button>
    </div>
  );
}

function Held({ pause }: { readonly pause: Pause }) {
  const held = useModel((model) => heldBy(pause, model), isSameHeld);
  const [goingOn, staying] = [goingOnWords(held), stayingWords(held)];
  if (goingOn === "" && staying === "") return <p class="faint">Nothing waits for its end.</p>;
  return (
    <>
      {goingOn === "" ? null : <Names words={goingOn} titles={[...held.goingOn, ...held.tasks].map(titleOf)} />}
      {staying === "" ? null : <Names words={staying} titles={held.staying.map(titleOf)} />}
    </>
  );
}

function titleOf({ title }: { readonly title: string }): string {
  return visible(title);
}

function isSameHeld(a: HeldThings, b: HeldThings): boolean {
  return sameItems(a.goingOn, b.goingOn) && sameItems(a.tasks, b.tasks) && sameItems(a.staying, b.staying);
}

function Names({ words, titles }: { readonly words: string; readonly titles: readonly string[] }) {
  const more = titles.length - MAX_NAMED;
  return (
    <details class="disclosure">
      <summary>{words}</summary>
      <ul class="pause-names">
        {titles.slice(0, MAX_NAMED).map((title, index) => (
          <li key={index}>{title}</li>
        ))}
        {more > 0 ? <li class="faint">and {more} more</li> : null}
      </ul>
    </details>
  );
}

function Provenance({ pause, now }: { readonly pause: Pause; readonly now: number }) {
  return (
    <details class="disclosure">
      <summary>{pause.kind === "manual" ? "Since when" : "How Tally knows"}</summary>
      <Facts facts={pauseFacts(pause, now)} />
    </details>
  );
}
