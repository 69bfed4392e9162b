"""Our icons: strokes on a grid of 24, drawn here, shown inside the page. They never carry a meaning alone."""

from typing import Final

ICONS: Final = {
    "alert": '<path d="M12 3 2.5 20h19z"/><path d="M12 10v4.5"/><path d="M12 17.4v.1"/>',
    "bell": '<path d="M6 16V10.5a6 6 0 0 1 12 0V16l1.5 2.2h-15z"/><path d="M10 21h4"/>',
    "book": '<path d="M12 6.5C9.5 4.7 6.5 4.4 3 5v13.5c3.5-.6 6.5-.3 9 1.5 2.5-1.8 5.5-2.1 9-1.5V5c-3.5-.6-6.5-.3-9 1.5z"/><path d="M12 6.5V20"/>',
    "building": '<path d="M4 21V4h10v17"/><path d="M14 9h6v12"/><path d="M2 21h20"/><path d="M7.5 8h3M7.5 12h3M7.5 16h3"/>',
    "card": '<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="M2.5 10h19"/><path d="M6 15h4"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.5 2"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "dot": '<circle cx="12" cy="12" r="3.5" fill="currentColor"/>',
    "eye": '<path d="M2 12c2.7-4.6 6-7 10-7s7.3 2.4 10 7c-2.7 4.6-6 7-10 7s-7.3-2.4-10-7z"/><circle cx="12" cy="12" r="3"/>',
    "file": '<path d="M6 2.8h8l4.5 4.5V21.2H6z"/><path d="M14 2.8v4.7h4.5"/><path d="M9 12.5h6M9 16.5h6"/>',
    "leave": '<path d="M14 4H5v16h9"/><path d="M10 12h11"/><path d="m17 8 4 4-4 4"/>',
    "mail": '<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="m3.5 7 8.5 6.5L20.5 7"/>',
    "officer": '<circle cx="12" cy="7.5" r="4"/><path d="M4.5 21c.6-4.6 3.3-7 7.5-7s6.9 2.4 7.5 7z"/><path d="m12 14-1.5 3 1.5 4 1.5-4z"/>',
    "person": '<circle cx="12" cy="7.5" r="4"/><path d="M4.5 21c.6-4.6 3.3-7 7.5-7s6.9 2.4 7.5 7z"/>',
    "register": '<ellipse cx="12" cy="5.5" rx="8" ry="3"/><path d="M4 5.5v13c0 1.7 3.6 3 8 3s8-1.3 8-3v-13"/><path d="M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><path d="M3 12h18"/>',
    "seal": '<path d="M12 2.5 4 5.5V12c0 4.6 3.2 8 8 9.5 4.8-1.5 8-4.9 8-9.5V5.5z"/><path d="m8.5 12 2.5 2.5 4.5-5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5.5 5.5"/>',
    "share": '<circle cx="6" cy="12" r="3"/><circle cx="18" cy="5.5" r="3"/><circle cx="18" cy="18.5" r="3"/><path d="m8.7 10.6 6.6-3.7M8.7 13.4l6.6 3.7"/>',
    "table": '<rect x="3" y="4.5" width="18" height="15" rx="1.5"/><path d="M3 9.5h18M3 14.5h18M9 4.5v15"/>',
    "tasks": '<path d="M9 6h11M9 12h11M9 18h11"/><path d="m3 6 1.3 1.3L6.8 4.8M3 12l1.3 1.3 2.5-2.5M3 18l1.3 1.3 2.5-2.5"/>',
}
"""Name -> what stands inside the drawing."""
