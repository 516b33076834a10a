import { XMLParser, XMLBuilder, XMLValidator } from "fast-xml-parser";

const xml = `<?xml version="1.0"?>
<!DOCTYPE r [ <!ENTITY who "world"> ]>
<r:root xmlns:r="urn:x" a="1" b='two &amp; more'>
  <item id="1">text &lt; <b>bold</b> tail</item><item id="02" flag/>
  <!-- note --><num>0012</num><num>1e3</num><num>0x1F</num><num>-4.50</num>
  <c><![CDATA[ <raw> & ]]></c><e>hello &who;</e><empty></empty><t>true</t>
</r:root>`;
for (const o of [{}, { ignoreAttributes: false, attributeNamePrefix: "@", allowBooleanAttributes: true }, { preserveOrder: true, ignoreAttributes: false, commentPropName: "#c", cdataPropName: "#cd" }, { removeNSPrefix: true, parseTagValue: false, isArray: (n) => n === "e", trimValues: false }, { numberParseOptions: { leadingZeros: false, hex: false }, tagValueProcessor: (n, v) => `${n}:${v}` }]) {
	const r = new XMLParser(o).parse(xml);
	console.log(JSON.stringify(r));
	if (o.preserveOrder || !o.tagValueProcessor)
		console.log(new XMLBuilder({ ...o, format: true }).build(r));
}
for (const s of [xml, "<a><b></a>", "<a x=1/>", "<a/><b/>", "<a>&</a>", "x"])
	console.log(JSON.stringify(XMLValidator.validate(s, { allowBooleanAttributes: true })));
