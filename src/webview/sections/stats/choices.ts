/** How far back the work is shown, in days that end with today. */
export const spans = [7, 30, 90] as const;
export type SpanDays = (typeof spans)[number];

/** What is counted. */
export const measures = ["tokens", "cost", "outcomes", "time"] as const;
export type Measure = (typeof measures)[number];

/** What each bar stands for. */
export const groupings = ["day", "agent", "project"] as const;
export type Grouping = (typeof groupings)[number];

export const measureNames: Record<Measure, string> = {
  tokens: "Tokens",
  cost: "Cost",
  outcomes: "Outcomes",
  time: "Time",
};

/** What is said where there is nothing to draw. */
export const nothingToDraw: Record<Measure, string> = {
  tokens: "No agent has told how many tokens it used in these days.",
  cost: "No agent has told what it cost in these days.",
  outcomes: "Nothing has ended in these days.",
  time: "Nothing has ended in these days.",
};

export const groupingNames: Record<Grouping, string> = { day: "Day", agent: "Agent", project: "Project" };
