/** Text that a model or a manuscript might hold and that has broken book files before: one attack or oddity each. */
export const HOSTILE_TEXTS: string[] = [
  'a\u0000\u0001\u0008\u001b ]]> -- <!-- x -- > <![CDATA[ x ]]> \ud800 \udc00x \uffff &amp; &bogus; & <',
  '#import "@preview/x" #eval("1") $x$ @ref <label> // */ \\ #{ }',
  '[x](javascript:alert(1)) [y](data:text/html,x) ![z](file:///etc/passwd) <a href="javascript:x" onclick=1>q</a> [bad](http://[::1]/x) [u](https://user:pw@ex.com/%zz?a=%) <http://a.b/|{}^`>',
  '<p>unclosed <b>bold <table><tr><td>x<td>y</table> <plaintext> <script>x <style>y</style> <svg onload=1><circle/></svg> List<String> <your name>',
  'w'.repeat(20_000),
  `${'>'.repeat(5000)} deep\n\n${'- '.repeat(3000)}x\n\n${'*'.repeat(5000)}a${'[['.repeat(4000)}`,
  '| a | b |\n|--|--|\n| 1 |\n| 1 | 2 | 3 |\n\n|x|\n|-|\n',
  '# A\n\n# A\n\n###### deep\n\n## B\n\n## B\n\nx[^a][^a][^b]\n\n[^a]: note [^b] [^a]\n[^b]: > # H in note\n\n    - l\n',
  '1. a\n\n   ```\n   code\n   ```\n2. b\n   - [ ] \n   - [x] y\n\n0. z\n999999999. n\n',
  '\u0645\u0631\u062d\u0628\u0627 **\u0628\u0627\u0644\u0639\u0627\u0644\u0645** abc\n\n\u4f60\u597d \u3053\u3093\u306b\u3061\u306f \uc548\ub155 \u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f1e9}\u{1f1ea} 1\ufe0f\u20e3 \u0301\u0301 \u{12000} \u200b\u2028x',
  '<details><summary>x</summary>\n\n- a\n\n</details>\n<dl><dt>t<dd>d</dl><dl><dd>only</dl><figure><figcaption>c</figcaption></figure><ol start=-5><li>x</ol><h1><h2>x</h2></h1><img><a><a href="http://x.y">in</a></a><sup data-note="fn-1">z</sup><section data-note="q">w</section><hr>',
  '\\\n\n***\n---\n<!-- only comment -->\n\n&#0; &#x1F; &#xD800; &#xFFFE; &nbsp;\n',
];
