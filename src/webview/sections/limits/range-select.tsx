import { type UsageRange, usageRanges } from "./usage-range.ts";

const names: Record<UsageRange, string> = { day: "Last 24 hours", week: "Last 7 days" };

interface RangeSelectProps {
  readonly range: UsageRange;
  readonly onChoose: (range: UsageRange) => void;
}

export function RangeSelect({ range, onChoose }: RangeSelectProps) {
  return (
    <select
      class="limits-range"
      aria-label="How far back the use of accounts is shown"
      value={range}
      onChange={({ currentTarget }) => onChoose(usageRanges[currentTarget.selectedIndex] ?? range)}
    >
      {usageRanges.map((each) => (
        <option key={each} value={each}>
          {names[each]}
        </option>
      ))}
    </select>
  );
}
