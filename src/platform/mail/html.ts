import type { Messages } from './messages.ts';
import type { FilledMail } from './rendering.ts';

const font = `font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;

// What clients without a dark mode show stands inline, since some drop the style element.
const dark = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body,.page{background:#15181c!important}
.card{background:#1f242a!important;border-color:#3a424b!important}
.text{color:#eef1f4!important}
.quiet,.quiet a{color:#aab4bf!important}
.button{background:#7db4ff!important}
.button a{color:#0d1b2e!important}
}`;

/** The HTML form of a mail: one column of tables, for Outlook; no pictures, and nothing loaded. */
export function htmlOf(subject: string, mail: FilledMail, { language, direction }: Messages): string {
  const { reason, button, expiry, advice, footer } = mail;
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>
${dark}
</style>
</head>
<body style="margin:0;padding:0;background:#f3f5f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f5f7">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px;background:#ffffff;border:1px solid #d5dbe1;border-radius:8px">
<tr><td style="padding:24px 20px;${font};font-size:16px;line-height:1.5">
${paragraph(reason)}
${button ? buttonOf(button) : ''}${expiry === undefined ? '' : `${paragraph(expiry)}\n`}${paragraph(advice)}
<p class="quiet" style="margin:24px 0 0;font-size:14px;color:#55606b">${escapeHtml(footer)}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p class="text" style="margin:0 0 16px;color:#1b2127">${escapeHtml(text)}</p>`;
}

function buttonOf({ label, link, hint }: NonNullable<FilledMail['button']>): string {
  const url = escapeHtml(link);
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr>
<td class="button" style="background:#0b57d0;border-radius:6px"><a href="${url}" style="display:inline-block;padding:12px 20px;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></td>
</tr></table>
<p class="quiet" style="margin:0 0 16px;font-size:14px;color:#55606b">${escapeHtml(hint)}<br><a href="${url}" style="color:#0b57d0;word-break:break-all">${url}</a></p>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
