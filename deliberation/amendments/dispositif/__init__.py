"""The dispositif of an amendment: the sentence that says what it changes, written from an edit and read into one."""
