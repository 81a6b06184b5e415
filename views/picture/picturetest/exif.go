package picturetest

import "encoding/binary"

// ExifTag is an entry of Exif data: a number of 16 bits, or with Long or Rational, one of 32 bits or a fraction.
type ExifTag struct {
	Tag         uint16
	Kind        uint16
	Value, Over uint32
}

// Kinds of Exif tags.
const (
	ExifShort    = 3
	ExifLong     = 4
	ExifRational = 5
)

// The tags of Exif that say how a picture is shown.
const (
	ExifOrientation    = 0x0112
	ExifXResolution    = 0x011a
	ExifYResolution    = 0x011b
	ExifResolutionUnit = 0x0128
	exifPointer        = 0x8769
	ExifWidth          = 0xa002
	ExifHeight         = 0xa003
)

// Exif returns Exif data with tags, in rising order. It puts the picture's size into a directory of its own, as
// cameras do.
func Exif(order binary.AppendByteOrder, tags ...ExifTag) []byte {
	var first, own []ExifTag
	for _, tag := range tags {
		if tag.Tag > exifPointer {
			own = append(own, tag)
		} else {
			first = append(first, tag)
		}
	}
	const start = 8
	length := func(tags []ExifTag) uint32 {
		size := uint32(2 + 4)
		for _, tag := range tags {
			size += 12
			if tag.Kind == ExifRational {
				size += 8
			}
		}
		return size
	}
	if len(own) > 0 {
		first = append(first, ExifTag{Tag: exifPointer, Kind: ExifLong})
		first[len(first)-1].Value = start + length(first)
	}
	mark := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM"
	}
	data := order.AppendUint32(order.AppendUint16([]byte(mark), 42), start)
	for _, tags := range [][]ExifTag{first, own} {
		if len(tags) == 0 {
			continue
		}
		var values []byte
		valuesAt := uint32(len(data) + 2 + 12*len(tags) + 4)
		data = order.AppendUint16(data, uint16(len(tags)))
		for _, tag := range tags {
			data = order.AppendUint16(order.AppendUint16(data, tag.Tag), tag.Kind)
			data = order.AppendUint32(data, 1)
			switch tag.Kind {
			case ExifShort:
				data = order.AppendUint16(order.AppendUint16(data, uint16(tag.Value)), 0)
			case ExifRational:
				data = order.AppendUint32(data, valuesAt+uint32(len(values)))
				values = order.AppendUint32(order.AppendUint32(values, tag.Value), tag.Over)
			default:
				data = order.AppendUint32(data, tag.Value)
			}
		}
		data = append(order.AppendUint32(data, 0), values...)
	}
	return data
}
