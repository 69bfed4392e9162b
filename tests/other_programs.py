"""What a skipped test says of the programs of others that it needs, so that whoever reads it can make it run."""

INSTALLED_BY = "On Debian: apt-get install openssl xmlsec1 poppler-utils qpdf zbar-tools nodejs softhsm2; then run these tests again"
BESIDE = "Put the folder shared/data beside this checkout, or name the folder shared in BHXH_SHARED; then run these tests again"
