// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages have templates, too

/** Texts that are code, or the end of a text, in one of the languages of the output; each is to stay what it is. */
export const HOSTILE: readonly string[] = [
  // Jinja and nunjucks
  ...["{{ lookup('pipe','id') }}", '{% raw %}', '{% endraw %}', '{# #}', '<< name >>', '<% for a in b %>'],
  // HCL, shell, printf
  ...['${file("/etc/passwd")}', "${file('/etc/passwd')}", '%{ for x in y }', '$${a}', '%%{', '$(id)', '`id`'],
  ...['%s', '%n%x', '$HOME', 'EOT', 'XSLT', "'; rm -rf / #", '&& id', '|| id', '> /etc/passwd'],
  // nft
  ...['"; drop', "' ; drop", '; flush ruleset', '} } drop', '@nodes', 'accept comment', '*/', '/* x'],
  // XML and HTML
  ...[
    ']]>',
    '<!--',
    '-->',
    '<script>alert(1)</script>',
    '</text>',
    '&amp;',
    '&#65;',
    '&lt;b&gt;',
    '<?php ?>',
  ],
  // Markdown
  ...['# title', '[a](http://b)', '![a](b)', '**a**', '_a_', '~~a~~', '``` a', '| a | b |', 'www.a.b', '\\_'],
  // YAML, also of version 1.1
  ...[
    '!unsafe x',
    '!!python/object/apply:os.system [id]',
    '&anchor',
    '*alias',
    '|',
    '>-',
    '---',
    '...',
    '? a',
  ],
  ...['a: b', 'a #b', '#', '- a', '-', '-rf', '[a, b]', '{a: b}', '%YAML 1.1', '@a', '<<', '~'],
  ...[
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    'true',
    'False',
    'null',
    'nan',
    '.inf',
    '1e3',
    '0x10',
    '0o7',
    '1_000',
  ],
  ...['12:30:45', '2026-01-01', '10', '010'],
  // INI and Python literals
  ...['a=b', '=1+1', '@SUM(1)', '[section]', '; a', 'a ansible_connection=local', 'None', "['a']", '(1, 2)'],
  // Quotes, white space, ends of lines
  ...["'", '"', '`', '``', "''", '""', '‘a’ “b” «c» „d‟', "it's", '\\', '\\\\', '\\n', 'a\\', '\\u0041'],
  ...[' ', '  a', 'a  ', ' a ', 'a  b', 'a\tb', 'a\nb', 'a\rb', 'a\r\nb', 'a\u0085b', 'a\u2028b', 'a\u2029b'],
  ...['a\u00a0b', '\u3000a', 'a\u000bb', 'a\u000cb'],
  // Characters that are not seen, or that no file can hold
  ...[
    '\u0000',
    'a\u0000b',
    '\u0001',
    '\u001b[31m',
    '\u007f',
    '\u009b',
    '\u202egpj.exe',
    'a\u200bb',
    '\u200d',
  ],
  ...[
    '\ufeffa',
    'a\ufffeb',
    'a\uffffb',
    'a\ufffdb',
    '\ud800',
    'a\udc00',
    '\u{1f600}\ufe0f',
    '日本語',
    'é',
    'e\u0301',
  ],
  // Names with a meaning elsewhere
  ...['__proto__', 'constructor', 'localhost', '../../etc/passwd', '/etc/passwd', 'C:\\Windows', 'con'],
  // Length
  ...['x'.repeat(127), '網'.repeat(42), '網'.repeat(43), 'x'.repeat(10_000)],
];
