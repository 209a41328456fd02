/** Sections and directives of this prefix are for others: systemd.unit(5), "sections prefixed with X- are ignored". */
export const IGNORED_PREFIX = 'X-';

const words = (text: string) => new Set(text.trim().split(/\s+/));

const CONDITIONS = ['PathExists', 'PathExistsGlob', 'PathIsDirectory', 'PathIsSymbolicLink', 'PathIsReadWrite', 'DirectoryNotEmpty', 'FileNotEmpty', 'FileIsExecutable', 'Environment', 'User', 'Group', 'Architecture', 'Host', 'Virtualization', 'FirstBoot'];

/** Of processes: systemd.exec(5) and systemd.kill(5). */
const OBEYED_OF_PROCESSES = `WorkingDirectory UMask User Group Environment EnvironmentFile UnsetEnvironment StandardInput
  StandardOutput StandardError SyslogIdentifier RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory
  RuntimeDirectoryMode StateDirectoryMode CacheDirectoryMode LogsDirectoryMode ConfigurationDirectoryMode
  KillMode KillSignal FinalKillSignal WatchdogSignal SendSIGKILL SendSIGHUP`;

/** Limits, priorities, confinement and accounting: nothing of it shows in what a script does here. */
const ACCEPTED_OF_PROCESSES = `Nice OOMScoreAdjust CoredumpFilter IOSchedulingClass IOSchedulingPriority CPUSchedulingPolicy
  CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity NUMAPolicy NUMAMask RemoveIPC PassEnvironment TTYPath TTYReset
  TTYVHangup TTYVTDisallocate SyslogFacility SyslogLevel SyslogLevelPrefix LogLevelMax LogRateLimitIntervalSec LogRateLimitBurst
  LogExtraFields SecureBits CapabilityBoundingSet AmbientCapabilities TimerSlackNSec NoNewPrivileges KeyringMode ProtectProc
  ProcSubset SystemCallFilter SystemCallArchitectures SystemCallErrorNumber SystemCallLog MemoryDenyWriteExecute RestrictNamespaces
  RestrictRealtime RestrictSUIDSGID RestrictAddressFamilies LockPersonality RestrictFileSystems LimitCPU LimitFSIZE LimitDATA
  LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE LimitNICE
  LimitRTPRIO LimitRTTIME ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories ReadWritePaths ReadOnlyPaths
  InaccessiblePaths ExecPaths NoExecPaths PrivateTmp PrivateDevices ProtectKernelTunables ProtectKernelModules ProtectKernelLogs
  ProtectClock ProtectControlGroups PrivateNetwork PrivateUsers PrivateMounts PrivateIPC ProtectSystem ProtectHome MountFlags
  MountAPIVFS Personality TimeoutCleanSec IgnoreSIGPIPE UtmpIdentifier UtmpMode SELinuxContext AppArmorProfile SmackProcessLabel
  ProtectHostname`;

const ACCEPTED_OF_RESOURCES = `Slice AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes StartupAllowedMemoryNodes CPUAccounting
  CPUWeight StartupCPUWeight CPUShares StartupCPUShares CPUQuota CPUQuotaPeriodSec MemoryAccounting MemoryMin DefaultMemoryMin
  DefaultMemoryLow MemoryLow MemoryHigh MemoryMax MemorySwapMax MemoryLimit DeviceAllow DevicePolicy IOAccounting IOWeight
  StartupIOWeight IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec
  BlockIOAccounting BlockIOWeight StartupBlockIOWeight BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth
  TasksAccounting TasksMax Delegate DisableControllers IPAccounting IPAddressAllow IPAddressDeny IPIngressFilterPath
  IPEgressFilterPath ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference BPFProgram
  SocketBindAllow SocketBindDeny RestrictNetworkInterfaces`;

const LEFT_OUT_OF_PROCESSES = `RestartKillSignal RuntimeDirectoryPreserve RootDirectory RootImage RootImageOptions RootHash RootHashSignature RootVerity ExtensionDirectories
  ExtensionImages MountImages SupplementaryGroups DynamicUser StandardInputText StandardInputData TTYRows TTYColumns ExecSearchPath
  BindPaths BindReadOnlyPaths TemporaryFileSystem NetworkNamespacePath IPCNamespacePath LogNamespace SetCredential
  SetCredentialEncrypted LoadCredential LoadCredentialEncrypted PAMName`;

/** What the stand-in does as systemd does, by section. */
export const OBEYED: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: words(`Description Documentation SourcePath Requires Requisite Wants BindsTo Conflicts Before After OnSuccess OnFailure
    PropagatesReloadTo ReloadPropagatedFrom PropagatesStopTo StopPropagatedFrom PartOf RefuseManualStart RefuseManualStop
    StartLimitIntervalSec StartLimitInterval StartLimitBurst ${CONDITIONS.flatMap((name) => [`Condition${name}`, `Assert${name}`]).join(' ')}`),
  Service: words(`PIDFile ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost RestartSec TimeoutSec
    TimeoutStartSec TimeoutStopSec TimeoutAbortSec RuntimeMaxSec WatchdogSec NotifyAccess Type Restart RemainAfterExit RestartPreventExitStatus RestartForceExitStatus
    SuccessExitStatus StartLimitInterval StartLimitBurst ${OBEYED_OF_PROCESSES}`),
  Timer: words('OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec OnCalendar Unit'),
  Path: words('PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty Unit MakeDirectory'),
  Socket: words('ListenStream ListenDatagram ListenSequentialPacket ListenFIFO Service Accept'),
  Slice: new Set(),
  Target: new Set(),
  Install: words('Alias WantedBy RequiredBy Also DefaultInstance'),
};

/** What is taken and has no effect here: limits, confinement, accounting, and what nothing of the stand-in would differ by. */
export const ACCEPTED: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: words('DefaultDependencies CollectMode IgnoreOnIsolate AllowIsolate RequiresMountsFor JoinsNamespaceOf OnFailureJobMode OnSuccessJobMode'),
  Service: words(`GuessMainPID OOMPolicy FileDescriptorStoreMax TimeoutStartFailureMode
    TimeoutStopFailureMode NonBlocking BusName ${ACCEPTED_OF_PROCESSES} ${ACCEPTED_OF_RESOURCES}`),
  Timer: words('AccuracySec RandomizedDelaySec FixedRandomDelay Persistent WakeSystem'),
  Path: words('DirectoryMode TriggerLimitIntervalSec TriggerLimitBurst'),
  Socket: words(`SocketMode SocketUser SocketGroup DirectoryMode Backlog RemoveOnStop FileDescriptorName PassCredentials NoDelay
    KeepAlive ReceiveBuffer SendBuffer MaxConnections SocketProtocol MaxConnectionsPerSource KeepAliveTimeSec KeepAliveIntervalSec
    KeepAliveProbes DeferAcceptSec Priority IPTOS IPTTL Mark PipeSize Transparent Broadcast PassSecurity PassPacketInfo Timestamping
    TCPCongestion MessageQueueMaxMessages MessageQueueMessageSize SmackLabel SmackLabelIPIn SmackLabelIPOut SELinuxContextFromNet
    ${ACCEPTED_OF_PROCESSES} ${ACCEPTED_OF_RESOURCES}`),
  Slice: words(ACCEPTED_OF_RESOURCES),
  Install: new Set(),
};

/** What systemd has and the stand-in does not do: an error, as a run would show less than a machine does. */
export const LEFT_OUT: Readonly<Record<string, ReadonlySet<string>>> = {
  Unit: words(`BindTo PropagateReloadTo PropagateReloadFrom RequiresOverridable RequisiteOverridable Upholds StopWhenUnneeded OnFailureIsolate JobTimeoutSec JobRunningTimeoutSec JobTimeoutAction JobTimeoutRebootArgument
    StartLimitAction FailureAction SuccessAction FailureActionExitStatus SuccessActionExitStatus RebootArgument
    ${['PathIsMountPoint', 'PathIsEncrypted', 'NeedsUpdate', 'KernelCommandLine', 'KernelVersion', 'Credential', 'Security', 'Capability', 'ACPower', 'Memory', 'CPUFeature', 'CPUs', 'ControlGroupController', 'OSRelease', 'MemoryPressure', 'CPUPressure', 'IOPressure'].flatMap((name) => [`Condition${name}`, `Assert${name}`]).join(' ')} ConditionFirmware`),
  Service: words(`RuntimeRandomizedExtraSec StartLimitAction FailureAction RebootArgument ExitType PermissionsStartOnly
    RootDirectoryStartOnly Sockets USBFunctionDescriptors USBFunctionStrings ${LEFT_OUT_OF_PROCESSES}`),
  Timer: words('RemainAfterElapse OnClockChange OnTimezoneChange'),
  Socket: words(`ExecStartPre ExecStartPost ExecStopPre ExecStopPost ListenNetlink ListenSpecial ListenMessageQueue Symlinks TimeoutSec
    FlushPending Writable TriggerLimitIntervalSec TriggerLimitBurst ReusePort FreeBind BindIPv6Only BindToDevice ListenUSBFunction
    ${OBEYED_OF_PROCESSES} ${LEFT_OUT_OF_PROCESSES}`),
};
