<?xml version="1.0"?>
<!-- What a picture says: the parts that label it, and each of its texts, a line each. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:svg="http://www.w3.org/2000/svg">
  <xsl:output method="text"/>
  <xsl:template match="/svg:svg">
    <xsl:variable name="labels" select="concat(' ', @aria-labelledby, ' ')"/>
    <xsl:for-each select="*[@id and contains($labels, concat(' ', @id, ' '))]">
      <xsl:value-of select="concat('labelled by ', @id, '&#10;')"/>
    </xsl:for-each>
    <xsl:for-each select="svg:text | svg:text/svg:title">
      <xsl:value-of select="concat(normalize-space(.), '&#10;')"/>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
