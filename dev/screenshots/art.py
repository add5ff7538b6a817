"""The icons of the add-ons and the banner, drawn as SVG and HTML and rendered by the browser."""

import base64

from dev.screenshots.browser import new_page
from dev.screenshots.files import FOLDER, write
from dev.setup.paths import ROOT

#: What the Apps list asks for, in pixels.
ICON, BANNER = 128, (560, 280)
PLUM, GREEN, AMBER, RED, TEAL = "#714B67", "#8CC7A8", "#F2BD73", "#D4604B", "#00A78D"

#: Add-on -> what its badge shows: strokes in a square of 24 pixels.
BADGES = {
    "ar_collections": '<path d="M5 13l5 5L19 7" stroke-width="3.2"/>',
    "ar_collections_sale": '<path d="M4 5h3l2 10h9l2-7H8"/><path d="M10 19h.1M17 19h.1" stroke-width="3.5"/>',
    "ar_collections_stock": '<path d="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8"/>',
    "ar_collections_stripe": '<rect x="3" y="6" width="18" height="13" rx="2"/><path d="M3 11h18M7 15h4"/>',
    "ar_collections_sms": '<path d="M4 5h16v11h-9l-4 4v-4H4z"/><path d="M8 10h.1M12 10h.1M16 10h.1"/>',
    "ar_collections_snailmail": '<rect x="3" y="6" width="18" height="13" rx="1"/><path d="M3 7l9 7 9-7"/>',
    "ar_collections_queue_job": '<path d="M4 7h11M4 12h16M4 17h8"/><path d="M18 4l3 3-3 3"/>',
}

SHEET = f"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="{ICON}" height="{ICON}">
  <path d="M31 10h44l24 24v76a8 8 0 0 1-8 8H31a8 8 0 0 1-8-8V18a8 8 0 0 1 8-8z"
        fill="#fff" stroke="{PLUM}" stroke-width="6" stroke-linejoin="round"/>
  <path d="M74 11v17a7 7 0 0 0 7 7h17" fill="none" stroke="{PLUM}" stroke-width="6" stroke-linejoin="round"/>
  <g stroke-width="7" stroke-linecap="round">
    <path d="M40 52h36" stroke="{GREEN}"/><path d="M40 68h42" stroke="{AMBER}"/><path d="M40 84h20" stroke="{RED}"/>
  </g>
  <circle cx="91" cy="93" r="29" fill="#fff"/><circle cx="91" cy="93" r="25" fill="{TEAL}"/>
  <g transform="translate(73 75) scale(1.5)" fill="none" stroke="#fff" stroke-width="2.2"
     stroke-linecap="round" stroke-linejoin="round">BADGE</g>
</svg>
"""

BANNER_PAGE = """
<body style="margin:0;width:560px;height:280px;overflow:hidden;position:relative;background:#f3eef2;
             font-family:'DejaVu Sans',Verdana,sans-serif;color:#2f2433">
  <div style="position:absolute;left:28px;top:30px;width:236px">
    <div style="width:56px;height:56px;overflow:hidden"><div style="zoom:0.4375">ICON</div></div>
    <div style="font-size:25px;line-height:1.15;font-weight:bold;margin-top:12px">Receivables<br/>Collections</div>
    <div style="font-size:12.5px;line-height:1.5;margin-top:12px">The right reminder to the right customer,
      and people where it matters</div>
    <div style="font-size:11px;margin-top:14px;color:#714B67;font-weight:bold">Odoo 19 Community</div>
  </div>
  <img src="PICTURE" style="position:absolute;left:284px;top:34px;width:470px;border-radius:6px;
       box-shadow:0 4px 18px rgba(47,36,51,.28)"/>
</body>
"""


def draw(started):
    """Render the icon of each add-on, and the banner with the picture of the dashboard.

    :param started: the browser
    """
    with new_page(started, ICON, ICON) as page:
        for name in BADGES:
            page.set_content(f'<body style="margin:0">{_icon(name)}</body>')
            target = ROOT / name / "static" / "description" / "icon.png"
            write(target, page.screenshot(omit_background=True), colors=0)
    picture = base64.b64encode((FOLDER / "dashboard.png").read_bytes()).decode()
    text = BANNER_PAGE.replace("ICON", _icon("ar_collections")).replace("PICTURE", f"data:image/png;base64,{picture}")
    with new_page(started, *BANNER) as page:
        page.set_content(text)
        write(FOLDER / "banner.png", page.screenshot())


def _icon(name):
    """Return the icon of an add-on as SVG."""
    return SHEET.replace("BADGE", BADGES[name])
