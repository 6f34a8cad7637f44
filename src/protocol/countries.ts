// Country codes on the wire: the numbers of Qt 5, for ever (spec appendix B).

export interface Country {
  code: number;
  /** Two letters; a number for the few entries that are regions. */
  iso: string;
  name: string;
}

/** Codes 1, 2, 3 ... in order, each its ISO code and name. 0 means none. */
const table = `
AF Afghanistan; AL Albania; DZ Algeria; AS American Samoa; AD Andorra; AO Angola; AI Anguilla;
AQ Antarctica; AG Antigua And Barbuda; AR Argentina; AM Armenia; AW Aruba; AU Australia;
AT Austria; AZ Azerbaijan; BS Bahamas; BH Bahrain; BD Bangladesh; BB Barbados; BY Belarus;
BE Belgium; BZ Belize; BJ Benin; BM Bermuda; BT Bhutan; BO Bolivia; BA Bosnia And Herzegowina;
BW Botswana; BV Bouvet Island; BR Brazil; IO British Indian Ocean Territory; BN Brunei;
BG Bulgaria; BF Burkina Faso; BI Burundi; KH Cambodia; CM Cameroon; CA Canada; CV Cape Verde;
KY Cayman Islands; CF Central African Republic; TD Chad; CL Chile; CN China; CX Christmas Island;
CC Cocos Islands; CO Colombia; KM Comoros; CD Congo Kinshasa; CG Congo Brazzaville;
CK Cook Islands; CR Costa Rica; CI Ivory Coast; HR Croatia; CU Cuba; CY Cyprus; CZ Czech Republic;
DK Denmark; DJ Djibouti; DM Dominica; DO Dominican Republic; TL East Timor; EC Ecuador; EG Egypt;
SV El Salvador; GQ Equatorial Guinea; ER Eritrea; EE Estonia; ET Ethiopia; FK Falkland Islands;
FO Faroe Islands; FJ Fiji; FI Finland; FR France; GG Guernsey; GF French Guiana;
PF French Polynesia; TF French Southern Territories; GA Gabon; GM Gambia; GE Georgia; DE Germany;
GH Ghana; GI Gibraltar; GR Greece; GL Greenland; GD Grenada; GP Guadeloupe; GU Guam; GT Guatemala;
GN Guinea; GW Guinea Bissau; GY Guyana; HT Haiti; HM Heard And McDonald Islands; HN Honduras;
HK Hong Kong; HU Hungary; IS Iceland; IN India; ID Indonesia; IR Iran; IQ Iraq; IE Ireland;
IL Israel; IT Italy; JM Jamaica; JP Japan; JO Jordan; KZ Kazakhstan; KE Kenya; KI Kiribati;
KP North Korea; KR South Korea; KW Kuwait; KG Kyrgyzstan; LA Laos; LV Latvia; LB Lebanon;
LS Lesotho; LR Liberia; LY Libya; LI Liechtenstein; LT Lithuania; LU Luxembourg; MO Macau;
MK Macedonia; MG Madagascar; MW Malawi; MY Malaysia; MV Maldives; ML Mali; MT Malta;
MH Marshall Islands; MQ Martinique; MR Mauritania; MU Mauritius; YT Mayotte; MX Mexico;
FM Micronesia; MD Moldova; MC Monaco; MN Mongolia; MS Montserrat; MA Morocco; MZ Mozambique;
MM Myanmar; NA Namibia; NR Nauru; NP Nepal; NL Netherlands; CW Cura Sao; NC New Caledonia;
NZ New Zealand; NI Nicaragua; NE Niger; NG Nigeria; NU Niue; NF Norfolk Island;
MP Northern Mariana Islands; NO Norway; OM Oman; PK Pakistan; PW Palau; PS Palestinian Territories;
PA Panama; PG Papua New Guinea; PY Paraguay; PE Peru; PH Philippines; PN Pitcairn; PL Poland;
PT Portugal; PR Puerto Rico; QA Qatar; RE Reunion; RO Romania; RU Russia; RW Rwanda;
KN Saint Kitts And Nevis; LC Saint Lucia; VC Saint Vincent And The Grenadines; WS Samoa;
SM San Marino; ST Sao Tome And Principe; SA Saudi Arabia; SN Senegal; SC Seychelles;
SL Sierra Leone; SG Singapore; SK Slovakia; SI Slovenia; SB Solomon Islands; SO Somalia;
ZA South Africa; GS South Georgia And The South Sandwich Islands; ES Spain; LK Sri Lanka;
SH Saint Helena; PM Saint Pierre And Miquelon; SD Sudan; SR Suriname;
SJ Svalbard And Jan Mayen Islands; SZ Swaziland; SE Sweden; CH Switzerland; SY Syria; TW Taiwan;
TJ Tajikistan; TZ Tanzania; TH Thailand; TG Togo; TK Tokelau; TO Tonga; TT Trinidad And Tobago;
TN Tunisia; TR Turkey; TM Turkmenistan; TC Turks And Caicos Islands; TV Tuvalu; UG Uganda;
UA Ukraine; AE United Arab Emirates; GB United Kingdom; US United States;
UM United States Minor Outlying Islands; UY Uruguay; UZ Uzbekistan; VU Vanuatu;
VA Vatican City State; VE Venezuela; VN Vietnam; VG British Virgin Islands;
VI United States Virgin Islands; WF Wallis And Futuna Islands; EH Western Sahara; YE Yemen;
IC Canary Islands; ZM Zambia; ZW Zimbabwe; CP Clipperton Island; ME Montenegro; RS Serbia;
BL Saint Barthelemy; MF Saint Martin; 419 Latin America; AC Ascension Island; AX Aland Islands;
DG Diego Garcia; EA Ceuta And Melilla; IM Isle Of Man; JE Jersey; TA Tristan Da Cunha;
SS South Sudan; BQ Bonaire; SX Sint Maarten; XK Kosovo; EU European Union; QO Outlying Oceania;
001 World; 150 Europe
`;

const countries: readonly Country[] = table.split(";").map((entry, position) => {
  const [iso = "", ...words] = entry.trim().split(/\s+/);
  return { code: position + 1, iso, name: words.join(" ") };
});

const byText = new Map(
  countries.flatMap((country) => [country.iso, country.name].map((text) => [text.toLowerCase(), country])),
);

/** The country with this wire code; undefined for 0 (none) and for codes nobody knows. */
export function countryByCode(code: number): Country | undefined {
  return countries[code - 1];
}

/** The country with this ISO code or English name, in any case. */
export function findCountry(isoOrName: string): Country | undefined {
  return byText.get(isoOrName.trim().toLowerCase());
}
