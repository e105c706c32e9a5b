; The setup program. Built by packaging/build in a folder with all its files:
; makensis -DVERSION=1.2.3 -DHOMEPAGE=… setup.nsi
Target amd64-unicode
Unicode true
!define APP "Provisioning Settings"
!define PUBLISHER "The Provisioning Settings contributors"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define LINKS "Software\Classes\provisioning"
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WordFunc.nsh"

Name "${APP}"
; Windows loads libraries beside a program that is called setup.exe.
OutFile "package.exe"
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\${APP}"
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS all
BrandingText "${APP} ${VERSION}"
!define MUI_ICON "provisioning-settings.ico"
!define MUI_UNICON "provisioning-settings.ico"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1033 "ProductName" "${APP}"
VIAddVersionKey /LANG=1033 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=1033 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1033 "FileDescription" "${APP} setup"
VIAddVersionKey /LANG=1033 "LegalCopyright" "MIT or Apache-2.0"
VIAddVersionKey /LANG=1033 "CompanyName" "${PUBLISHER}"

!insertmacro MUI_PAGE_LICENSE "LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\${APP}.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; The value of the option in $R0, into $R1. GetOptions of FileFunc.nsh cuts a
; value without quotes at the next "/", so every address.
Function Option
  StrLen $R2 $R0
  StrCpy $R1 ""
  StrCpy $R3 -1
 next:
  IntOp $R3 $R3 + 1
  StrCpy $R4 $CMDLINE $R2 $R3
  StrCmp $R4 "" done
  StrCmp $R4 $R0 0 next
  IntOp $R3 $R3 + $R2
  StrCpy $R5 " "
  ; Quoted as /NAME="value" or as "/NAME=value".
  StrCpy $R4 $CMDLINE 1 $R3
  StrCmp $R4 '"' 0 whole
  StrCpy $R5 '"'
  IntOp $R3 $R3 + 1
  Goto copy
 whole:
  IntOp $R4 $R3 - $R2
  IntOp $R4 $R4 - 1
  StrCmp $R4 "-1" copy
  StrCpy $R4 $CMDLINE 1 $R4
  StrCmp $R4 '"' 0 copy
  StrCpy $R5 '"'
 copy:
  StrCpy $R4 $CMDLINE 1 $R3
  StrCmp $R4 "" done
  StrCmp $R4 $R5 done
  StrCmp $R4 '"' done
  StrCpy $R1 "$R1$R4"
  IntOp $R3 $R3 + 1
  Goto copy
 done:
FunctionEnd

Var Told
!macro Tell NAME
  StrCpy $R0 "/${NAME}="
  Call Option
  StrCpy $Told '$Told "${NAME}=$R1"'
!macroend

Function .onInit
  ; Both in un.onInit too, or the uninstaller looks elsewhere.
  SetRegView 64
  SetShellVarContext all
  ; By hand: InstallDirRegKey is read before the view is set.
  ReadRegStr $0 HKLM "${UNINSTALL}" "InstallLocation"
  ${If} $0 != ""
  ${AndIf} $INSTDIR == "$PROGRAMFILES64\${APP}"
    StrCpy $INSTDIR $0
  ${EndIf}
  ; An older version over a newer one would not know its files.
  ReadRegStr $0 HKLM "${UNINSTALL}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 == 1
      MessageBox MB_OK|MB_ICONSTOP "${APP} $0 is installed, which is newer. Uninstall it first." /SD IDOK
      SetErrorLevel 1638
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "Main"
  SetOutPath "$INSTDIR"
  File "provisioning-settings.exe"
  File "${APP}.exe"
  File "LICENSE.txt"
  File "third-party.txt"
  File "README.txt"
  File "task.xml"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${APP}.exe" "" "$INSTDIR\${APP}.exe" 0
  WriteRegStr HKLM "${LINKS}" "" "URL:${APP}"
  WriteRegStr HKLM "${LINKS}" "URL Protocol" ""
  WriteRegStr HKLM "${LINKS}\shell\open\command" "" '"$INSTDIR\${APP}.exe" "%1"'
  WriteRegStr HKLM "Software\Microsoft\Windows\CurrentVersion\App Paths\provisioning-settings.exe" "" "$INSTDIR\provisioning-settings.exe"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "${APP}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${APP}.exe"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  !if "${HOMEPAGE}" != ""
    WriteRegStr HKLM "${UNINSTALL}" "URLInfoAbout" "${HOMEPAGE}"
  !endif
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" "$0"
  ; The program writes what it was told: it knows how to escape it, leaves
  ; alone what was not said, and makes the folder one that only
  ; administrators write to.
  !insertmacro Tell "PROVISIONING_METHOD"
  !insertmacro Tell "PROVISIONING_URI"
  !insertmacro Tell "PROVISIONING_MANDATORY"
  !insertmacro Tell "PROVISIONING_APPLICATION_NAME"
  !insertmacro Tell "PROVISIONING_TRUSTED_ORIGINS"
  !insertmacro Tell "PROV_METHOD"
  !insertmacro Tell "PROV_URL"
  !insertmacro Tell "MPROV_METHOD"
  !insertmacro Tell "MPROV_URL"
  !insertmacro Tell "LOCKED"
  nsExec::ExecToLog '"$INSTDIR\provisioning-settings.exe" preseed $Told'
  Pop $0
  ${If} $0 != 0
    ; Installed, but not as was asked for: a script must see that.
    SetErrorLevel 2
    DetailPrint "What was preseeded was not stored."
  ${EndIf}
SectionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
FunctionEnd

Section "Uninstall"
  nsExec::ExecToLog '"$INSTDIR\provisioning-settings.exe" preseed --clear'
  Pop $0
  Delete "$INSTDIR\provisioning-settings.exe"
  Delete "$INSTDIR\${APP}.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\third-party.txt"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\task.xml"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  DeleteRegKey HKLM "${LINKS}"
  DeleteRegKey HKLM "Software\Microsoft\Windows\CurrentVersion\App Paths\provisioning-settings.exe"
  DeleteRegKey HKLM "${UNINSTALL}"
  ; Stays if an administrator's files are in it.
  ReadEnvStr $1 "ProgramData"
  RMDir "$1\${APP}"
SectionEnd
