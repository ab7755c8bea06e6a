/** Words that stand where a secret will be put, say what belongs there, or are an option instead of one. */
export const standInWords: ReadonlySet<string> = new Set(
  [
    'a an the this that is it in of on off for with or and to at by as be go no not yes from you your yours my me',
    'our us i we they any all some one two three new old current confirm confirmation forgot reset show here goes',
    'there see example examples sample samples placeholder dummy fake mock stub demo template default defaults',
    'redacted removed hidden masked omitted change changeme changeit replace replaceme insert enter put fill set',
    'paste todo fixme tbd required optional null nil none undefined true false empty blank unset unknown invalid',
    'wrong correct valid bad good string str text number int integer boolean bool object array list map buffer',
    'bytes byte void type value values field input output foo bar baz foobar qux quux test tests testing tester',
    'testuser lorem ipsum abc abcd abcdef abcdefg asdf asdfgh qwerty qwertz hello world user users username name',
    'email mail secret secrets sekret sekrit password passwords passwd passphrase pass pw pwd token tokens key keys',
    'random generated base encoded encrypted hash hashed super very long short strong weak secure safe admin',
    'administrator root guest letmein welcome login logon signin auth bearer basic oauth jwt api app application',
    'client server service database db host local localhost dev development staging stage prod production ci docker',
    'mysql mariadb postgres postgresql mongo mongodb redis rabbitmq django rails laravel wordpress minio elastic',
    'kibana grafana keycloak jenkins sonar private public shared account access session credential credentials cred',
    'creds enabled disabled enable disable auto prompt ask asks never always plain plaintext clear cleartext smtp',
    'imap ftp ssh sql http proxy md sha bcrypt scrypt argon scram crypt pam ldap kerberos keyring keychain vault',
    'visible mandatory latest next workspace filtered nullable varchar char unique const static readonly manual',
    'interactive ignore ignored anonymous unsecure insecure something anything whatever',
  ].flatMap((line) => line.split(' ')),
)
