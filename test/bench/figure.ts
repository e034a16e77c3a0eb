/** One line of the report: a ratio or a difference against something measured in the same run, never a bare time. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it was made of, for whoever wants to know more. */
  readonly detail: string;
  readonly target?: Target;
}

export type Unit = "×" | "ms" | "kB" | "MB";

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** A measurement: a name to choose it by, and a run that makes its figures or throws. */
export interface Measurement {
  readonly name: string;
  readonly about: string;
  readonly run: () => Promise<Figure[]>;
}

interface Measured extends Omit<Figure, "target"> {
  readonly atLeast?: number;
  readonly below?: number;
}

/** A figure with its target judged. */
export function figure({ atLeast, below, ...measured }: Measured): Figure {
  if (atLeast !== undefined)
    return { ...measured, target: { text: `≥ ${atLeast} ${measured.unit}`, met: measured.value >= atLeast } };
  if (below !== undefined)
    return { ...measured, target: { text: `< ${below} ${measured.unit}`, met: measured.value < below } };
  return measured;
}
