/** A technique of MITRE ATT&CK for the cloud, and what later editions call it. */
export interface Technique {
  /** As in version 18. */
  readonly id: string;
  readonly name: string;
  /** The id of version 19, where it is another. */
  readonly since19: string | undefined;
}

export interface Tactic {
  /** As in tags, `attack.initial-access`. */
  readonly slugs: readonly string[];
  readonly name: string;
  readonly techniques: readonly Technique[];
}

function tactic(name: string, techniques: readonly string[], slugs: readonly string[] = []): Tactic {
  return {
    slugs: [name.toLowerCase().replaceAll(' ', '-'), ...slugs],
    name,
    techniques: techniques.map((line) => {
      const [, id = '', since19, text = ''] = /^(T[\d.]+)(?:=(T[\d.]+))? (.*)$/.exec(line) ?? [];
      return { id, name: text, since19 };
    }),
  };
}

/**
 * Techniques that show in CloudTrail, each under one of its tactics, in the order of ATT&CK. Source: MITRE ATT&CK for
 * Enterprise, version 18; behind "=" the id of version 19, which split "Defense Evasion" in two.
 */
export const TACTICS: readonly Tactic[] = [
  tactic('Resource Development', [
    'T1583.006 Acquire Infrastructure: Web Services',
    'T1584.001 Compromise Infrastructure: Domains',
  ]),
  tactic('Initial Access', [
    'T1078.004 Valid Accounts: Cloud Accounts',
    'T1133 External Remote Services',
    'T1195 Supply Chain Compromise',
    'T1199 Trusted Relationship',
  ]),
  tactic('Execution', [
    'T1059 Command and Scripting Interpreter',
    'T1059.009 Command and Scripting Interpreter: Cloud API',
    'T1204 User Execution',
    'T1648 Serverless Execution',
    'T1651 Cloud Administration Command',
  ]),
  tactic('Persistence', [
    'T1098 Account Manipulation',
    'T1098.001 Account Manipulation: Additional Cloud Credentials',
    'T1098.003 Account Manipulation: Additional Cloud Roles',
    'T1098.004 Account Manipulation: SSH Authorized Keys',
    'T1098.005 Account Manipulation: Device Registration',
    'T1098.006 Account Manipulation: Additional Container Cluster Roles',
    'T1136 Create Account',
    'T1136.003 Create Account: Cloud Account',
    'T1505 Server Software Component',
    'T1525 Implant Internal Image',
    'T1546 Event Triggered Execution',
  ]),
  tactic('Privilege Escalation', [
    'T1484.002 Domain or Tenant Policy Modification: Trust Modification',
    'T1548 Abuse Elevation Control Mechanism',
    'T1548.005 Abuse Elevation Control Mechanism: Temporary Elevated Cloud Access',
  ]),
  tactic(
    'Defense Evasion',
    [
      'T1070 Indicator Removal',
      'T1222 File and Directory Permissions Modification',
      'T1535 Unused/Unsupported Cloud Regions',
      'T1562.001=T1685 Impair Defenses: Disable or Modify Tools',
      'T1562.007=T1686.001 Impair Defenses: Disable or Modify Cloud Firewall',
      'T1562.008=T1685.002 Impair Defenses: Disable or Modify Cloud Logs',
      'T1578 Modify Cloud Compute Infrastructure',
      'T1599 Network Boundary Bridging',
      'T1666 Modify Cloud Resource Hierarchy',
    ],
    ['stealth', 'defense-impairment'],
  ),
  tactic('Credential Access', [
    'T1110 Brute Force',
    'T1110.001 Brute Force: Password Guessing',
    'T1110.003 Brute Force: Password Spraying',
    'T1528 Steal Application Access Token',
    'T1552 Unsecured Credentials',
    'T1552.001 Unsecured Credentials: Credentials In Files',
    'T1552.005 Unsecured Credentials: Cloud Instance Metadata API',
    'T1555 Credentials from Password Stores',
    'T1555.006 Credentials from Password Stores: Cloud Secrets Management Stores',
    'T1556 Modify Authentication Process',
    'T1556.006 Modify Authentication Process: Multi-Factor Authentication',
    'T1557 Adversary-in-the-Middle',
    'T1621 Multi-Factor Authentication Request Generation',
  ]),
  tactic('Discovery', [
    'T1087.004 Account Discovery: Cloud Account',
    'T1201 Password Policy Discovery',
    'T1518 Software Discovery',
    'T1526 Cloud Service Discovery',
    'T1538 Cloud Service Dashboard',
    'T1580 Cloud Infrastructure Discovery',
  ]),
  tactic('Lateral Movement', [
    'T1021 Remote Services',
    'T1021.004 Remote Services: SSH',
    'T1021.007 Remote Services: Cloud Services',
    'T1550.001 Use Alternate Authentication Material: Application Access Token',
  ]),
  tactic('Collection', ['T1119 Automated Collection', 'T1530 Data from Cloud Storage']),
  tactic('Exfiltration', [
    'T1020.001 Automated Exfiltration: Traffic Duplication',
    'T1048 Exfiltration Over Alternative Protocol',
    'T1537 Transfer Data to Cloud Account',
    'T1567 Exfiltration Over Web Service',
    'T1567.002 Exfiltration Over Web Service: Exfiltration to Cloud Storage',
  ]),
  tactic('Impact', [
    'T1485 Data Destruction',
    'T1486 Data Encrypted for Impact',
    'T1490 Inhibit System Recovery',
    'T1491.002 Defacement: External Defacement',
    'T1496 Resource Hijacking',
    'T1496.004 Resource Hijacking: Cloud Service Hijacking',
    'T1499 Endpoint Denial of Service',
    'T1531 Account Access Removal',
  ]),
];

/**
 * Controls of the monitoring section, 4.1 first. Source: CIS Amazon Web Services Foundations Benchmark, numbering of
 * versions 1.4 to 5.
 */
export const CIS_CONTROLS: readonly string[] = [
  'Unauthorized API calls',
  'Console sign-in without MFA',
  'Use of the root account',
  'IAM policy changes',
  'CloudTrail configuration changes',
  'Console authentication failures',
  'KMS keys disabled or scheduled for deletion',
  'S3 bucket policy changes',
  'AWS Config configuration changes',
  'Security group changes',
  'Network ACL changes',
  'Network gateway changes',
  'Route table changes',
  'VPC changes',
  'AWS Organizations changes',
  'Security Hub disabled or changed',
];
