import { useEffect, useState } from "preact/hooks";
import type { Session } from "../../../protocol/entities.ts";
import { nextAnnouncement, silence } from "./announcement.ts";

/** Tells a screen reader who begins to wait. */
export function Announced({ waiting }: { readonly waiting: readonly Session[] }) {
  const [{ words, number }, setAnnouncement] = useState(() => silence(waiting));
  useEffect(() => setAnnouncement((before) => nextAnnouncement(before, waiting)), [waiting]);
  return (
    <p class="said" role="status">
      <span key={number}>{words}</span>
    </p>
  );
}
