"""Sign and verify: XML, sealed JSON, certificates, revocation, time stamps."""

import logging

for _library in ("signxml", "pyhanko", "pyhanko_certvalidator"):
    # WHY: at DEBUG they write whole documents into the log, and at WARNING the names in certificates with a traceback for every
    # answer they do not believe. What they found is raised or returned, and told by us.
    logging.getLogger(_library).setLevel(logging.CRITICAL)
