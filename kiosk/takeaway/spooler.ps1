# Prints PNG pages, one in Base64 to a line of standard input, as the WAYMARK_ variables say, and waits until they are out.
# Ends with 0 when they are, 3 when there is no such printer, 4 when it is off, 5 when they did not come out in time.
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Drawing
$name, $title = $env:WAYMARK_PRINTER, $env:WAYMARK_TITLE
$pages = @([Console]::In.ReadToEnd().Split("`n") | Where-Object { $_.Trim() })

$document = New-Object System.Drawing.Printing.PrintDocument
$document.PrinterSettings.PrinterName = $name
if (-not $document.PrinterSettings.IsValid) { exit 3 }
$known = Get-CimInstance Win32_Printer | Where-Object { $_.Name -eq $name }
if ($known.WorkOffline) { exit 4 }

# Hundredths of an inch, as .NET wants them.
$wide = [int]([double]$env:WAYMARK_WIDTH_MM / 0.254)
$high = [int]([double]$env:WAYMARK_HEIGHT_MM / 0.254)
$document.DocumentName = $title
# No window that says "printing": nobody could close it.
$document.PrintController = New-Object System.Drawing.Printing.StandardPrintController
$document.DefaultPageSettings.PaperSize = New-Object System.Drawing.Printing.PaperSize('slip', $wide, $high)
$document.DefaultPageSettings.Margins = New-Object System.Drawing.Printing.Margins(0, 0, 0, 0)

$script:next = 0
$document.add_PrintPage({
    param($from, $page)
    $bytes = [Convert]::FromBase64String($pages[$script:next].Trim())
    $stream = New-Object System.IO.MemoryStream(, $bytes)
    $picture = [System.Drawing.Image]::FromStream($stream)
    $page.Graphics.PageUnit = [System.Drawing.GraphicsUnit]::Inch
    $dpi = [single]$env:WAYMARK_DPI
    # Where the printer begins to print is not the corner of its paper.
    $left = -$page.PageSettings.HardMarginX / 100
    $top = -$page.PageSettings.HardMarginY / 100
    $page.Graphics.DrawImage($picture, [single]$left, [single]$top, $picture.Width / $dpi, $picture.Height / $dpi)
    $picture.Dispose()
    $script:next += 1
    $page.HasMorePages = $script:next -lt $pages.Count
})
$document.Print()

$until = (Get-Date).AddSeconds([int]$env:WAYMARK_SECONDS)
while ($waiting = @(Get-PrintJob -PrinterName $name | Where-Object { $_.DocumentName -eq $title })) {
    if ((Get-Date) -gt $until) {
        $waiting | Remove-PrintJob
        exit 5
    }
    Start-Sleep -Milliseconds 500
}
exit 0
