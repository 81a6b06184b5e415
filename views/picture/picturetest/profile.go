package picturetest

import (
	"encoding/binary"
	"math"
)

// Primaries are the red, green and blue of a colour profile in XYZ, under the light D50.
type Primaries [3][3]float64

// The primaries of colour spaces that cameras and phones use.
var (
	SRGB      = Primaries{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}
	DisplayP3 = Primaries{{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}
	AdobeRGB  = Primaries{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
	// Swapped shows red as green, green as blue and blue as red.
	Swapped = Primaries{SRGB[1], SRGB[2], SRGB[0]}
)

// Profile returns an ICC profile of a screen with primaries and a gamma.
func Profile(primaries Primaries, gamma float64) []byte {
	curve := append(tagData("curv"), 0, 0, 0, 1)
	curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(gamma*256)))
	curve = append(curve, 0, 0)
	return profile("RGB ", [][2]string{
		{"rXYZ", xyz(primaries[0])},
		{"gXYZ", xyz(primaries[1])},
		{"bXYZ", xyz(primaries[2])},
		{"rTRC", string(curve)},
		{"gTRC", string(curve)},
		{"bTRC", string(curve)},
		{"wtpt", xyz([3]float64{0.9642, 1, 0.8249})},
	})
}

// GrayProfile returns an ICC profile of grays with a gamma.
func GrayProfile(gamma float64) []byte {
	curve := append(tagData("curv"), 0, 0, 0, 1)
	curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(gamma*256)))
	return profile("GRAY", [][2]string{
		{"kTRC", string(append(curve, 0, 0))},
		{"wtpt", xyz([3]float64{0.9642, 1, 0.8249})},
	})
}

// profile returns a profile with tags of name and data.
func profile(space string, tags [][2]string) []byte {
	const headSize = 128
	head := make([]byte, headSize)
	binary.BigEndian.PutUint32(head[8:], 0x02400000) // the version
	copy(head[12:], "mntr"+space+"XYZ ")
	copy(head[36:], "acsp")
	copy(head[68:], xyz([3]float64{0.9642, 1, 0.8249})[8:])
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var values []byte
	for _, tag := range tags {
		table = append(table, tag[0]...)
		table = binary.BigEndian.AppendUint32(table, uint32(headSize+4+12*len(tags)+len(values)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tag[1])))
		values = append(values, tag[1]...)
	}
	all := append(append(head, table...), values...)
	binary.BigEndian.PutUint32(all, uint32(len(all)))
	return all
}

func tagData(kind string) []byte { return append([]byte(kind), 0, 0, 0, 0) }

func xyz(of [3]float64) string {
	data := tagData("XYZ ")
	for _, component := range of {
		data = binary.BigEndian.AppendUint32(data, uint32(int32(math.Round(component*65536))))
	}
	return string(data)
}
