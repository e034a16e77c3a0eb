import type { Session } from "../../../../src/protocol/entities.ts";
import type { Change, TallyEvent } from "../../../../src/protocol/events.ts";
import type { Account, Pause } from "../../../../src/protocol/limits.ts";
import { ForgivingDesktop } from "../../../../src/server/notifications/forgiving-desktop.ts";
import {
  LIMIT_GATHER_MS,
  type LimitNotificationsOptions,
} from "../../../../src/server/notifications/limit-notifications.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

/** A desktop that writes down what it shows, a store that tells what the test says, and a person who is away. */
export function limitRig() {
  const clock = new ManualClock();
  const desktop: string[] = [];
  const person = { isAway: true };
  let listener: (events: readonly TallyEvent[]) => void = () => undefined;
  const options: LimitNotificationsOptions = {
    desktop: new ForgivingDesktop(
      {
        show: ({ title, body }) => Promise.resolve(void desktop.push(`${title}: ${body}`)),
        withdraw: () => Promise.resolve(void desktop.push("withdrawn")),
      },
      (error) => {
        throw error;
      },
    ),
    isTold: () => person.isAway,
    subscribe: (listen) => {
      listener = listen;
      return { dispose: () => (listener = () => undefined) };
    },
    clock,
    now: () => clock.now(),
  };
  const happens = (change: Change) => listener([{ seq: 1, at: 1, change }]);
  return {
    options,
    clock,
    desktop,
    person,
    happens,
    session: (session: Session) => happens({ type: "session.changed", session }),
    pause: (pause: Pause) => happens({ type: "pause.changed", pause }),
    account: (account: Account) => happens({ type: "account.changed", account }),
    /** Until what is told together has been gathered. */
    gather: () => clock.advance(LIMIT_GATHER_MS),
  };
}
