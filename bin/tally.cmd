@echo off
setlocal
rem The tally command; see the script `tally` beside this one for what it does and why.
set "folder=%~dp0.."
set "runtime="
if exist "%~dp0tally.path" (
  <"%~dp0tally.path" (
    set /p folder=
    set /p runtime=
  )
)
if not exist "%folder%\dist\cli.cjs" (
  echo tally: %folder%\dist\cli.cjs is missing. Open VS Code with Tally once, or build it: npm run build>&2
  exit /b 127
)
set "node="
for %%N in (node.exe) do set "node=%%~$PATH:N"
if defined node goto run
if defined runtime if exist "%runtime%" (
  set "node=%runtime%"
  set "ELECTRON_RUN_AS_NODE=1"
  goto run
)
if exist "%folder%\node_modules\node\bin\node.exe" (
  set "node=%folder%\node_modules\node\bin\node.exe"
  goto run
)
echo tally: there is no Node to run it. Open VS Code with Tally once, or install Node 20 or later.>&2
exit /b 127

:run
"%node%" "%folder%\dist\cli.cjs" %*
exit /b %errorlevel%
