/** Shells that Tally can complete in. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export function isShell(word: string): word is Shell {
  return (shells as readonly string[]).includes(word);
}

/**
 * What each shell is to run. They hold no word of Tally's own, so that they need no renewal: every time they ask `tally __complete`.
 * Names go from there to the shell as data; nothing is evaluated.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  // No mapfile, and no compopt that has to be there: the bash of macOS, 3.2, has neither, and completes no files here.
  bash: `# Completion of the tally command in bash. Made by: tally completion bash
_tally() {
  local reply IFS=
  COMPREPLY=()
  {
    read -r reply
    if [[ $reply == files ]]; then
      compopt -o default 2>/dev/null
    fi
    while read -r reply; do
      COMPREPLY+=("$reply")
    done
  } < <(command tally __complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -F _tally tally
`,
  zsh: `#compdef tally
# Completion of the tally command in zsh. Made by: tally completion zsh
_tally() {
  local line
  local -a lines values shown
  lines=("\${(@f)$(command tally __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  if [[ $lines[1] == files ]]; then
    _files
    return
  fi
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  compadd -V tally -l -d shown -a values
}
if [[ $funcstack[1] == _tally ]]; then
  _tally "$@"
else
  compdef _tally tally
fi
`,
  fish: `# Completion of the tally command in fish. Made by: tally completion fish
function __tally_complete
    set -l before (commandline --current-process --tokenize --cut-at-cursor)
    set -e before[1]
    set -l typed (commandline --current-token --cut-at-cursor)
    set -l lines (command tally __complete fish $before "$typed" 2>/dev/null)
    if test "$lines[1]" = files
        __fish_complete_path "$typed"
    else
        set -e lines[1]
        printf '%s\\n' $lines
    end
end
complete --command tally --no-files --keep-order --arguments '(__tally_complete)'
`,
};
