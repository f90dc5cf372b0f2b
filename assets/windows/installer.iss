; The installer for Windows, for one user and without an administrator's rights (Inno Setup 6):
;   iscc /DVersion=1.0.0 assets\windows\installer.iss
; It packs dist\drawapp-folder, which pyinstaller build.spec makes.

[Setup]
AppId={{6E0B3E0C-7C0B-4B7D-9A54-3C3B7C0F2D11}
AppName=Draw a digit
AppVersion={#Version}
AppPublisher=the nn_scratch authors
AppPublisherURL=https://github.com/nn-scratch/nn-scratch
DefaultDirName={localappdata}\Programs\drawapp
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
LicenseFile=..\..\LICENSE
SetupIconFile=..\icon.ico
UninstallDisplayIcon={app}\drawapp.exe
OutputDir=..\..\release
OutputBaseFilename=drawapp-{#Version}-windows-setup
Compression=lzma2
SolidCompression=yes
ArchitecturesInstallIn64BitMode=x64compatible

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"

[Files]
Source: "..\..\dist\drawapp-folder\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Draw a digit"; Filename: "{app}\drawapp.exe"; AppUserModelID: "drawapp"
Name: "{autodesktop}\Draw a digit"; Filename: "{app}\drawapp.exe"; AppUserModelID: "drawapp"; Tasks: desktop

[Tasks]
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Run]
Filename: "{app}\drawapp.exe"; Description: "{cm:LaunchProgram,Draw a digit}"; Flags: nowait postinstall skipifsilent
