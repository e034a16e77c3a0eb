import { useEffect, useRef } from "preact/hooks";
import { useModel } from "../../live-state.ts";
import { totalUsage } from "./totals.ts";

/** Shows nothing; says when tasks have changed since it was there, or what sessions have used: that may be told after the last task's end. */
export function FollowWork({ onChange }: { readonly onChange: () => void }) {
  const tasks = useModel((model) => model.tasks);
  const used = useModel(({ sessions }) => totalUsage(sessions.values()));
  const known = useRef({ tasks, used });
  useEffect(() => {
    if (known.current.tasks === tasks && known.current.used === used) return;
    known.current = { tasks, used };
    onChange();
  }, [tasks, used, onChange]);
  return null;
}
