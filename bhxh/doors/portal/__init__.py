"""Pages for everybody outside the office: public ones here, those of a person, of an organisation and of filing in their folders."""
