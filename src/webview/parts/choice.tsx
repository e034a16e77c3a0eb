interface ChoiceProps<T extends string | number> {
  readonly label: string;
  readonly choices: readonly T[];
  readonly nameOf: (choice: T) => string;
  readonly value: T;
  readonly onChange: (choice: T) => void;
}

/** One of a few, as a drop-down list. */
export function Choice<T extends string | number>({ label, choices, nameOf, value, onChange }: ChoiceProps<T>) {
  return (
    <select
      class="choice"
      aria-label={label}
      value={String(value)}
      onChange={({ currentTarget }) => {
        const chosen = choices[currentTarget.selectedIndex];
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {choices.map((choice) => (
        <option key={choice} value={String(choice)}>
          {nameOf(choice)}
        </option>
      ))}
    </select>
  );
}
