/** The line that the in-editor tests print first. What comes before it is the workbench talking to itself. */
export const testsBegin = "In-editor tests:";
