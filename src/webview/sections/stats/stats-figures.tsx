import type { Figure } from "./figures.ts";

interface StatsFiguresProps {
  readonly figures: readonly Figure[];
  readonly days: number;
}

export function StatsFigures({ figures, days }: StatsFiguresProps) {
  const isCompared = figures.some(({ comparison }) => comparison !== null);
  return (
    <div>
      <dl class="stats-figures">
        {figures.map(({ label, value, comparison, note }) => (
          <div key={label} class="stats-figure">
            <dt>{label}</dt>
            <dd class="stats-value">{value ?? <Unknown />}</dd>
            {comparison === null ? null : (
              <dd class="stats-beside">
                {comparison.short}
                <span class="said">{comparison.whole.slice(comparison.short.length)}</span>
              </dd>
            )}
            {note === "" ? null : <dd class="stats-beside">{note}</dd>}
          </div>
        ))}
      </dl>
      {isCompared ? (
        <p class="stats-compared" aria-hidden="true">
          Compared with the {days} days before.
        </p>
      ) : null}
    </div>
  );
}

function Unknown() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="said">not known</span>
    </>
  );
}
