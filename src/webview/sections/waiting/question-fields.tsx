import { useId } from "preact/hooks";
import type { Question } from "../../../protocol/requests.ts";
import { visible } from "../../../protocol/visible.ts";
import { type AnswerDraft, pickOf, withOption, withOwn, withOwnWords } from "./answer-draft.ts";

interface QuestionFieldsProps {
  readonly question: Question;
  readonly place: number;
  readonly draft: AnswerDraft;
  readonly onDraft: (draft: AnswerDraft) => void;
  readonly isBusy: boolean;
}

/** One question with its options, and room for words of the person's own. */
export function QuestionFields({ question, place, draft, onDraft, isBusy }: QuestionFieldsProps) {
  const id = useId();
  const { text, header, options, multiSelect } = question;
  const { chosen, isOwn, own } = pickOf(draft, place, question);
  const type = multiSelect ? "checkbox" : "radio";
  return (
    <fieldset class="ask-question" disabled={isBusy}>
      <legend>
        {header === null || header === "" ? null : <span class="ask-header">{visible(header)}</span>}
        <span class="ask-text">{visible(text)}</span>
        {multiSelect ? <span class="ask-several">Several answers are possible.</span> : null}
      </legend>
      {options.map(({ label, description }, option) => (
        <label key={option} class="ask-option">
          <input
            type={type}
            name={id}
            checked={chosen.includes(option)}
            onChange={() => onDraft(withOption(draft, place, question, option))}
          />
          <span>
            {visible(label)}
            {description === null || description === "" ? null : (
              <span class="ask-description">{visible(description)}</span>
            )}
          </span>
        </label>
      ))}
      <div class="ask-option ask-own">
        {options.length === 0 ? null : (
          <input
            type={type}
            name={id}
            checked={isOwn}
            aria-label="In your own words"
            onChange={() => onDraft(withOwn(draft, place, question, !isOwn || !multiSelect))}
          />
        )}
        <textarea
          rows={options.length === 0 ? 3 : 1}
          placeholder="In your own words"
          aria-label={`In your own words: ${visible(text)}`}
          maxLength={10_000}
          value={own}
          onInput={({ currentTarget }) => onDraft(withOwnWords(draft, place, question, currentTarget.value))}
        />
      </div>
    </fieldset>
  );
}
